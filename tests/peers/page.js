// page.js BROWSER PAGE_URL FOLDER — the sandbox's page in a real browser, by its debugging pipe (two descriptors, no port).
// Prints "ok NAME" or "not ok NAME" and why; leaves screenshots at both widths in FOLDER.
const { spawn } = require('child_process');
const fs = require('fs');
const [browser, entry, folder] = process.argv.slice(2);
const base = entry.split('/page')[0];
const child = spawn(browser, ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-pipe',
  `--user-data-dir=${folder}/profile`, '--no-first-run', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', 'about:blank'],
{ stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
const waiting = new Map(), events = [];
let rest = '', id = 0, session, failed = 0;

child.stdio[4].on('data', data => {
  const parts = (rest + data).split('\0');
  rest = parts.pop();
  for (const text of parts) {
    const m = JSON.parse(text), w = waiting.get(m.id);
    if (w) { waiting.delete(m.id); if (m.error) w.reject(new Error(m.error.message)); else w.resolve(m.result); }
    else { events.filter(e => e.method === m.method).forEach(e => e.got(m.params)); }
  }
});
const send = (method, params = {}) => new Promise((resolve, reject) => {
  waiting.set(++id, { resolve, reject });
  child.stdio[3].write(JSON.stringify({ id, method, params, sessionId: session }) + '\0');
});
const on = (method, got) => events.push({ method, got });
const once = method => new Promise(resolve => {
  const e = { method, got: p => { events.splice(events.indexOf(e), 1); resolve(p); } };
  events.push(e);
});
const ask = async expression => (await send('Runtime.evaluate', { expression, returnByValue: true })).result.value;
const verdict = (name, good, why) => {
  console.log(`${good ? 'ok' : 'not ok'} page_${name}`);
  if (!good) { failed = 1; console.log(`  ${why}`); }
};
async function go(url) {
  const loaded = once('Page.loadEventFired');
  await send('Page.navigate', { url });
  await loaded;
}
async function click(selector) {
  const loaded = once('Page.loadEventFired');
  await ask(`document.querySelector(${JSON.stringify(selector)}).click()`);
  await loaded;
}
async function size(width, height) {
  await send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 600 });
}
async function shot(name) {
  const { data } = await send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true });
  fs.writeFileSync(`${folder}/${name}.png`, Buffer.from(data, 'base64'));
}

async function main() {
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  session = (await send('Target.attachToTarget', { targetId, flatten: true })).sessionId;
  const asked = new Set(), bad = [];
  on('Network.requestWillBeSent', p => asked.add(new URL(p.request.url).origin));
  on('Log.entryAdded', p => bad.push(p.entry.text));
  for (const d of ['Page', 'Network', 'Log', 'Runtime']) await send(`${d}.enable`);

  await size(1280, 900);
  await go(entry);
  verdict('opens_by_its_address', await ask('document.title') === 'Overview · sandbox' && await ask('location.search') === '',
    `${await ask('location.href')}: ${await ask('document.title')}`);
  verdict('looks_as_its_stylesheet_says', await ask('getComputedStyle(document.querySelector("nav ul")).display') === 'flex', 'no style');

  // Every page the menu and the lists lead to, at both widths.
  const pages = await ask('[...document.querySelectorAll("nav a,.cards a")].map(a=>a.pathname)');
  pages.push('/page/edit/Quotes', '/page/setup/validation_rule/Quotes');
  for (const p of ['/page/module/Quotes', '/page/rules', '/page/functions', '/page/blueprints']) {
    await go(base + p);
    pages.push(...await ask('[...document.querySelectorAll("tbody th a")].slice(0,2).map(a=>a.pathname)'));
  }
  const wide = [], nameless = [], pressed = [];
  for (const [width, height] of [[1280, 900], [390, 844]]) {
    await size(width, height);
    for (const p of new Set(pages)) {
      await go(base + p);
      const over = await ask('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      if (over > 0) wide.push(`${p} by ${over} at ${width}`);
      nameless.push(...await ask(`[...document.querySelectorAll("input:not([type=hidden]),select,textarea")].filter(n=>!n.labels.length).map(n=>${JSON.stringify(p)}+" "+n.name)`));
      pressed.push(...await ask(`[...document.querySelectorAll("tbody th,td code")].filter(n=>n.textContent.length>14&&n.getBoundingClientRect().width<110).map(n=>${JSON.stringify(p)}+" "+n.textContent)`));
      await shot(`${width}${p.replace(/\W+/g, '-')}`);
    }
  }
  verdict('fits_phone_and_desk', wide.length === 0, wide.join('; '));
  verdict('presses_no_name_or_path_in_a_table', pressed.length === 0, pressed.slice(0, 5).join('; '));
  verdict('has_a_label_for_every_input', nameless.length === 0, nameless.join('; '));

  // By keyboard alone: the first stop leads past the menu.
  await go(`${base}/page`);
  await send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 });
  verdict('lets_the_keyboard_skip_the_menu', await ask('document.activeElement.className') === 'skip', await ask('document.activeElement.outerHTML'));

  // A browser's own headers pass with its own form, and a refusal stands at its field.
  await go(`${base}/page/edit/Accounts`);
  await click('form[method=post] button');
  verdict('shows_a_refusal_at_its_field', (await ask('document.getElementById("Account_Name-error")?.textContent')) === 'This is required.',
    await ask('document.body.innerText.slice(0, 300)'));
  await shot('refused');
  await ask('document.getElementById("Account_Name").value = "Made in a browser"');
  await click('form[method=post] button');
  verdict('saves_a_form', (await ask('location.pathname')).startsWith('/page/record/Accounts/'), await ask('location.href'));
  verdict('asks_no_other_server', [...asked].every(o => o === base || o === 'null'), [...asked].join(' '));
  const noise = bad.filter(t => !/422|favicon/.test(t));
  verdict('runs_without_an_error', noise.length === 0, noise.join('; '));

  // Another site's form, sent by the signed-in browser.
  const before = await (async () => { await go(`${base}/page`); return ask('document.querySelector(".clock").textContent.slice(0, 10)'); })();
  await go(`data:text/html,<form method=post action="${base}/page"><input name=do value=clock><input name=by value=9><button>go</button></form>`);
  await click('button');
  const said = await ask('document.title');
  await go(`${base}/page`);
  verdict('refuses_the_form_of_another_site', said === 'Not signed in' && await ask('document.querySelector(".clock").textContent.slice(0, 10)') === before, said);
}
const limit = setTimeout(() => { console.log('not ok page_in_a_browser\n  it took more than two minutes'); child.kill(); process.exit(1); }, 120000);
main().catch(e => { failed = 1; console.log(`not ok page_in_a_browser\n  ${e.stack}`); }).finally(() => { clearTimeout(limit); child.kill(); process.exitCode = failed; });
