// tests/peers/lsp.js — zagent deluge lsp driven by vscode-languageserver-protocol; prints "ok NAME" or "not ok NAME: why".
// Runs in a folder with a snapshot in snap/; tests/peers/lsp.sh starts it.
const assert = require("assert/strict");
const { spawn } = require("child_process");
const lsp = require("vscode-languageserver-protocol/node");

const uri = "file:///a.dg";
const doc = { textDocument: { uri } };
const at = (line, character) => ({ ...doc, position: { line, character } });

let failed = 0;
async function test(name, body) {
  try {
    await body();
    console.log(`ok lsp_node_${name}`);
  } catch (e) {
    failed++;
    console.log(`not ok lsp_node_${name}: ${e.message.replaceAll("\n", " ")}`);
  }
}

const server = spawn("zagent", ["deluge", "lsp", "--metadata", "snap"], { stdio: ["pipe", "pipe", "inherit"] });
const left = new Promise((done) => server.on("exit", done));
const client = lsp.createProtocolConnection(
  new lsp.StreamMessageReader(server.stdout), new lsp.StreamMessageWriter(server.stdin));
const published = []; // what the server said about the document, oldest first
let waiting = [];
client.onNotification(lsp.PublishDiagnosticsNotification.type, (p) => {
  published.push(p);
  waiting.splice(0).forEach((go) => go());
});
async function findings(version) {
  for (;;) {
    const hit = published.find((p) => p.version === version);
    if (hit) return hit.diagnostics;
    await new Promise((go) => waiting.push(go));
  }
}
let version = 0;
const open = (text) => client.sendNotification(lsp.DidOpenTextDocumentNotification.type,
  { textDocument: { uri, languageId: "deluge", version: ++version, text } });
const change = (...contentChanges) => client.sendNotification(lsp.DidChangeTextDocumentNotification.type,
  { textDocument: { uri, version: ++version }, contentChanges });
const edit = (line, from, to, text) => ({ range: lsp.Range.create(line, from, line, to), text });
const labels = async (line, character) =>
  (await client.sendRequest(lsp.CompletionRequest.type, at(line, character))).map((item) => {
    assert.equal(typeof item.label, "string");
    assert.ok(item.kind >= lsp.CompletionItemKind.Text && item.kind <= lsp.CompletionItemKind.TypeParameter);
    return item.label;
  });

async function main() {
  client.listen();

  await test("begins_and_says_what_it_can", async () => {
    const { capabilities: c, serverInfo } = await client.sendRequest(lsp.InitializeRequest.type,
      { processId: process.pid, rootUri: null, capabilities: {} });
    assert.equal(serverInfo.name, "zagent");
    assert.equal(c.positionEncoding, "utf-16");
    assert.equal(c.textDocumentSync.change, lsp.TextDocumentSyncKind.Incremental);
    assert.ok(c.documentFormattingProvider && c.hoverProvider && c.completionProvider && c.documentSymbolProvider);
    await client.sendNotification(lsp.InitializedNotification.type, {});
  });

  await test("shows_what_is_wrong_and_what_to_do", async () => {
    await open("x = 1\ny = x;\ninfo y;\n");
    const [d, ...more] = await findings(version);
    assert.deepEqual(more, []);
    assert.ok(lsp.Diagnostic.is(d), "no Diagnostic");
    assert.equal(d.code, "DL004");
    assert.deepEqual(d.range.start, { line: 0, character: 5 });
    assert.match(d.message, /missing ';'[^]*put ';' at the end of line 1/);
  });

  await test("follows_every_key_stroke", async () => {
    await change(edit(0, 5, 5, ";"));
    assert.deepEqual(await findings(version), []);
    await change(edit(0, 4, 5, "2"), edit(1, 4, 5, "x + "), edit(1, 8, 8, "3"));
    assert.deepEqual(await findings(version), []);
  });

  await test("counts_utf16_units", async () => {
    await change({ text: 'info "äö😀" y;\n' });
    assert.deepEqual((await findings(version))[0].range, lsp.Range.create(0, 12, 0, 13));
    await change(edit(0, 8, 10, "😀😀"), edit(0, 13, 15, ""));
    assert.deepEqual(await findings(version), []);
    const [whole] = await client.sendRequest(lsp.DocumentFormattingRequest.type, { ...doc, options: { tabSize: 4, insertSpaces: false } });
    assert.equal(whole, undefined, "the edited text is not what was typed");
  });

  await test("formats_as_the_live_editor_does", async () => {
    const text = "if( a==1 ){info  a;}\n";
    await change({ text });
    const edits = await client.sendRequest(lsp.DocumentFormattingRequest.type, { ...doc, options: { tabSize: 4, insertSpaces: false } });
    assert.ok(edits.every(lsp.TextEdit.is), "no TextEdit");
    const laid = lsp.TextDocument.applyEdits(lsp.TextDocument.create(uri, "deluge", 1, text), edits);
    assert.equal(laid, "if(a == 1)\n{\n\tinfo a;\n}\n");
  });

  await test("tells_what_a_built_in_does", async () => {
    await change({ text: 'x = "a".toUpperCase();\n' });
    const hover = await client.sendRequest(lsp.HoverRequest.type, at(0, 10));
    assert.ok(lsp.Hover.is(hover), "no Hover");
    assert.match(hover.contents.value, /toUpperCase/);
    assert.deepEqual(hover.range, lsp.Range.create(0, 8, 0, 19));
    assert.equal(await client.sendRequest(lsp.HoverRequest.type, at(0, 1)), null);
  });

  await test("completes_built_ins_modules_and_fields", async () => {
    await change({ text: 'd = zoho.crm.getRecordById("Deals",1);\ninfo d.get("");\ninfo zoho.crm.;\n' });
    assert.ok((await labels(0, 28)).includes("Deals"));
    assert.ok((await labels(1, 12)).includes("Stage"));
    assert.ok((await labels(2, 14)).includes("updateRecord"));
  });

  await test("lists_the_functions", async () => {
    await change({ text: "void automation.a(int id)\n{\n}\nstring standalone.b()\n{\n\treturn \"\";\n}\n" });
    const all = await client.sendRequest(lsp.DocumentSymbolRequest.type, doc);
    assert.ok(all.every(lsp.DocumentSymbol.is), "no DocumentSymbol");
    assert.deepEqual(all.map((s) => s.name), ["a", "b"]);
    assert.deepEqual(all[1].selectionRange, lsp.Range.create(3, 18, 3, 19));
  });

  await test("refuses_what_it_does_not_know", async () => {
    await assert.rejects(client.sendRequest("textDocument/rename", doc), { code: lsp.ErrorCodes.MethodNotFound });
    await assert.rejects(client.sendRequest(lsp.HoverRequest.type, { textDocument: { uri: "file:///b.dg" }, position: { line: 0, character: 0 } }),
      { code: lsp.ErrorCodes.InvalidParams });
    await client.sendNotification("$/zagentNeverHeardOf", {});
  });

  await test("answers_although_a_request_was_cancelled", async () => {
    const stop = new lsp.CancellationTokenSource();
    const asked = client.sendRequest(lsp.DocumentSymbolRequest.type, doc, stop.token);
    stop.cancel();
    await asked.catch((e) => assert.equal(e.code, lsp.LSPErrorCodes.RequestCancelled));
    assert.equal((await client.sendRequest(lsp.DocumentSymbolRequest.type, doc)).length, 2);
  });

  await test("forgets_a_closed_document", async () => {
    const seen = published.length;
    await client.sendNotification(lsp.DidCloseTextDocumentNotification.type, doc);
    while (published.length === seen) await new Promise((go) => waiting.push(go));
    assert.deepEqual(published.at(-1).diagnostics, []);
    await assert.rejects(client.sendRequest(lsp.DocumentSymbolRequest.type, doc), { code: lsp.ErrorCodes.InvalidParams });
  });

  await test("ends_when_asked", async () => {
    assert.equal(await client.sendRequest(lsp.ShutdownRequest.type), null);
    await client.sendNotification(lsp.ExitNotification.type);
    assert.equal(await left, 0);
  });

  await test("leaves_a_stream_that_is_no_protocol", async () => {
    const other = spawn("zagent", ["deluge", "lsp"], { stdio: ["pipe", "pipe", "ignore"] });
    const reader = new lsp.StreamMessageReader(other.stdout);
    const first = new Promise((done) => reader.listen(done));
    const body = "{not json";
    other.stdin.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
    assert.equal((await first).error.code, lsp.ErrorCodes.ParseError);
    other.stdin.end("GET / HTTP/1.1\r\n\r\n");
    assert.notEqual(await new Promise((done) => other.on("exit", done)), 0);
  });
}

main().then(() => process.exit(failed ? 1 : 0));
