// Plays n8n for one chat: what the workflow's expressions and its code node make of SalesIQ's answers, sent to CRM; both are the
// sandbox. node run.mjs START.json WORKFLOW.json
import fs from 'node:fs';

const info = JSON.parse(fs.readFileSync(process.argv[2])).data;
const workflow = JSON.parse(fs.readFileSync(process.argv[3]));
const node = name => workflow.nodes.find(n => n.name === name);
const after = name => workflow.connections[name].main[0][0].node;

const form = new URLSearchParams({
    grant_type: 'refresh_token', client_id: info.client_id, client_secret: info.client_secret, refresh_token: info.refresh_token
});
const token = (await (await fetch(`${info.accounts_url}/oauth/v2/token`, {method: 'POST', body: form})).json()).access_token;
const call = async (method, path, body) => {
    const answer = await fetch(info.api_url + path, {
        method, body, headers: {authorization: `Zoho-oauthtoken ${token}`, 'content-type': 'application/json'}
    });
    return answer.status === 204 ? {} : answer.json();
};

// n8n's expressions, as far as these workflows use them: "=text {{ JavaScript }}", $json, $('Node').first().json
const outputs = {};
const $ = name => ({first: () => ({json: outputs[name]})});
const evaluate = (text, $json) => {
    const whole = /^=\{\{([^]*)\}\}$/.exec(text);
    const js = code => new Function('$json', '$', `return (${code})`)($json, $);
    if (!text.startsWith('=')) return text;
    return whole && !whole[1].includes('{{') ? js(whole[1]) : text.slice(1).replace(/\{\{([^]*?)\}\}/g, (_, code) => js(code));
};
const http = async (name, $json) => {
    const p = node(name).parameters;
    const url = new URL(evaluate(p.url, $json));
    outputs[name] = await call(p.method, url.pathname + url.search, p.sendBody ? evaluate(p.jsonBody, $json) : undefined);
    return outputs[name];
};

const ring = async body => {
    const gate = after('SalesIQ rings');
    if (evaluate(node(gate).parameters.conditions.conditions[0].leftValue, {body}) !== true) return null;
    const read = after(gate), messages = after(read), code = after(messages), write = after(code);
    const chat = await http(read, {body});
    const said = await http(messages, chat);
    const made = new Function('$', '$input', node(code).parameters.jsCode)($, {first: () => ({json: said})});
    outputs[code] = made[0].json;
    return http(write, made[0].json);
};

const verdict = (name, good, why) => console.log(good ? `ok n8n_${name}` : `not ok n8n_${name}\n${JSON.stringify(why)}`);
const portal = info.salesiq_screen;
const chats = (await call('GET', `/api/v2/${portal}/conversations`)).data;
for (const chat of chats) await ring({event: 'conversation.completed', entity_id: chat.id});
const rows = (await call('GET', '/crm/v8/Chats?fields=Name,Response,Chat_Status,Bot_Minutes,Response_Minutes,First_Human_At,Conversation_Id')).data || [];
const of = name => rows.find(r => r.Name === name) || {};
verdict('every_chat_comes_once', rows.length === chats.length, rows);
await ring({entity_id: chats[0].id});
verdict('a_second_ring_makes_no_second_record', (await call('GET', '/crm/v8/Chats?fields=Name')).data.length === chats.length, null);
const one = of('Sample visitor one'), two = of('Sample visitor two');
verdict('the_first_answer_of_a_person_is_told_from_the_bot_s', one.Response === 'In time' && one.Response_Minutes === 4 && Date.parse(one.First_Human_At) === Date.parse('2026-11-19T10:07:00+01:00'), one);
verdict('a_missed_chat_is_unanswered', two.Response === 'Unanswered' && two.Chat_Status === 'Missed', two);
const forged = await ring({entity_id: "1/../../settings"});
verdict('a_forged_ring_is_not_followed', forged === null, forged);
