// Each node of the workflows against n8n's own descriptors: type, version, parameters, credentials.
// node catalogue.mjs FOLDER-WITH-WORKFLOWS NODES.json…
import fs from 'node:fs';
import path from 'node:path';

const [folder, ...lists] = process.argv.slice(2);
const known = new Map();
for (const list of lists) {
    const prefix = JSON.parse(fs.readFileSync(path.join(path.dirname(list), '../../package.json'))).name;
    for (const d of JSON.parse(fs.readFileSync(list)))
        for (const v of [d.version].flat()) known.set(`${prefix}.${d.name}@${v}`, d);
}

const versionFits = (property, version) => {
    const show = property.displayOptions?.show?.['@version'];
    return !show || show.some(s => (typeof s === 'object' ? true : s === version));
};

let nodes = 0;
for (const file of fs.readdirSync(folder).filter(f => f.endsWith('.json'))) {
    const workflow = JSON.parse(fs.readFileSync(path.join(folder, file)));
    const wrong = [];
    for (const node of workflow.nodes) {
        const d = known.get(`${node.type}@${node.typeVersion}`);
        nodes++;
        if (!d) {
            wrong.push(`${node.name}: n8n has no ${node.type} ${node.typeVersion}`);
            continue;
        }
        const properties = d.properties.filter(p => versionFits(p, node.typeVersion));
        for (const [key, value] of Object.entries(node.parameters)) {
            const mine = properties.filter(p => p.name === key);
            if (!mine.length) wrong.push(`${node.name}: there is no parameter ${key}`);
            const choices = mine.filter(p => p.type === 'options' && !p.typeOptions?.loadOptionsMethod).map(p => (p.options || []).map(o => o.value));
            if (typeof value === 'string' && choices.length && choices.length === mine.length && !choices.flat().includes(value))
                wrong.push(`${node.name}: ${key} cannot be ${value}`);
        }
        // The predefined credential is chosen by a parameter; the others stand in the descriptor or are generic.
        for (const kind of Object.keys(node.credentials || {})) {
            const p = node.parameters;
            const named = [p.nodeCredentialType, p.genericAuthType].includes(kind) || (d.credentials || []).some(c => c.name === kind);
            if (!named) wrong.push(`${node.name}: takes no credential ${kind}`);
        }
    }
    console.log(wrong.length ? `not ok n8n_catalogue_${file}\n${wrong.join('\n')}` : `ok n8n_catalogue_${file}`);
}
if (!nodes) console.log('not ok n8n_catalogue: no node was looked at');
