// bench/render.js CASES N MUSTACHE — what bench/render.c does, by mustache.js; each text is parsed anew, as there.
const fs = require("fs"), crypto = require("crypto"), Mustache = require(require("path").resolve(process.argv[4]));
const cases = JSON.parse(fs.readFileSync(process.argv[2], "utf8")), rounds = Number(process.argv[3]);
// Its own escaper also writes / = and `; the specification asks for four characters only.
const names = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
Mustache.escape = (text) => String(text).replace(/[&<>"]/g, (c) => names[c]);
const hash = crypto.createHash("sha256");
const begin = process.cpuUsage();
for (let round = 0; round < rounds; round++)
    for (const one of cases) {
        Mustache.clearCache();
        const out = Mustache.render(one.template, one.data);
        if (round === 0) hash.update(out + "\0");
    }
const used = process.cpuUsage(begin);
console.log(((used.user + used.system) / 1000).toFixed(1), hash.digest("hex"));
