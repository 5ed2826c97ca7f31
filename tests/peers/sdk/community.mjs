// A client of other hands: @dereekb/zoho on npm (fetch of Node, token by query, "Bearer"), against a sandbox over TLS.
// Usage: node community.mjs START_JSON WORK_DIR; prints "ok NAME" or "not ok NAME" a line.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [startFile, work] = process.argv.slice(2);
const start = JSON.parse(fs.readFileSync(startFile, "utf8")).data;
const zoho = createRequire(path.join(work, "/"))("@dereekb/zoho");

async function check(name, run) {
  try {
    await run();
    console.log("ok " + name);
  } catch (e) {
    console.log("not ok " + name);
    console.log(e instanceof Error ? e.stack : JSON.stringify(e), JSON.stringify(e?.error ?? e?.errors ?? {}));
  }
}
function equal(got, want, what) {
  if (got !== want) throw new Error(`${what}: ${JSON.stringify(got)} where ${JSON.stringify(want)} was expected`);
}

const config = {
  apiUrl: start.accounts_url,
  serviceAccessTokenKey: "crm",
  clientId: start.client_id,
  clientSecret: start.client_secret,
};
const back = "http://127.0.0.1:9/callback";
let refreshToken;

// The person: opens the consent page, chooses, presses Accept.
async function accept(url) {
  const page = await (await fetch(url)).text();
  const form = new URLSearchParams();
  for (const [, name, value] of page.matchAll(/name="([a-z_]+)" value="([^"]*)"/g))
    if (name !== "answer") form.append(name, value.replaceAll("&amp;", "&"));
  form.set("user", page.match(/<option value="([^"]+)"/)[1]);
  form.set("answer", "accept");
  const answer = await fetch(start.accounts_url + "/oauth/v2/auth", { method: "POST", body: form, redirect: "manual" });
  return new URL(answer.headers.get("location"));
}

await check("community_signs_in_by_authorization_code", async () => {
  const url =
    start.accounts_url +
    "/oauth/v2/auth?" +
    new URLSearchParams({
      response_type: "code",
      client_id: start.client_id,
      scope: "ZohoCRM.modules.ALL,ZohoCRM.settings.ALL,ZohoSearch.securesearch.READ",
      redirect_uri: back,
      access_type: "offline",
      prompt: "consent",
      state: "s1",
    });
  const to = await accept(url);
  equal(to.searchParams.get("state"), "s1", "state");
  equal(to.searchParams.get("accounts-server"), start.accounts_url, "accounts-server");
  const accounts = zoho.zohoAccountsFactory({})({ ...config, refreshToken: "not yet" });
  const tokens = await zoho.zohoAccountsRefreshTokenFromAuthorizationCode(accounts.accountsContext)({
    code: to.searchParams.get("code"),
    redirectUri: back,
  });
  refreshToken = tokens.refresh_token;
  equal(typeof refreshToken, "string", "refresh token");
});

const accounts = zoho.zohoAccountsFactory({})({ ...config, refreshToken });
const { crmContext } = zoho.zohoCrmFactory({ accountsContext: accounts.accountsContext })({ apiUrl: start.api_url + "/crm" });

let id;
await check("community_inserts", async () => {
  const made = await zoho.zohoCrmInsertRecord(crmContext)({ module: "Contacts", data: { First_Name: "Test", Last_Name: "Person One", Email: "one@example.org" } });
  id = made.id;
  equal(typeof id, "string", "id");
});
await check("community_reads", async () => {
  const r = await zoho.zohoCrmGetRecordById(crmContext)({ module: "Contacts", id });
  equal(r.Last_Name, "Person One", "Last_Name");
});
await check("community_updates_and_upserts", async () => {
  await zoho.zohoCrmUpdateRecord(crmContext)({ module: "Contacts", data: { id, Last_Name: "Person Two" } });
  const both = await zoho.zohoCrmUpsertRecord(crmContext)({ module: "Contacts", data: [{ Email: "one@example.org", Last_Name: "Person Three" }, { Email: "four@example.org", Last_Name: "Person Four" }] });
  equal(both.successItems.length, 2, "successes");
  equal(both.successItems[0].result.details.id, id, "the record found by its e-mail");
});
await check("community_sees_each_failure_of_a_mixed_call", async () => {
  const mixed = await zoho.zohoCrmInsertRecord(crmContext)({ module: "Contacts", data: [{ Last_Name: "Person Five" }, { Email: "no-name@example.org" }] });
  equal(mixed.successItems.length, 1, "successes");
  equal(mixed.errorItems[0].result.code, "MANDATORY_NOT_FOUND", "error");
});
await check("community_lists", async () => {
  const page = await zoho.zohoCrmGetRecords(crmContext)({ module: "Contacts", fields: "Last_Name,Email", per_page: 2 });
  equal(page.data.length, 2, "rows");
  equal(page.info.more_records, true, "more_records");
});
await check("community_searches", async () => {
  const found = await zoho.zohoCrmSearchRecords(crmContext)({ module: "Contacts", criteria: [{ field: "Last_Name", filter: "equals", value: "Person Four" }] });
  equal(found.data.length, 1, "rows");
});
await check("community_tags", async () => {
  await zoho.zohoCrmCreateTagsForModule(crmContext)({ module: "Contacts", tags: { name: "warm" } });
  const tagged = await zoho.zohoCrmAddTagsToRecords(crmContext)({ module: "Contacts", tag_names: "warm", ids: [id] });
  equal(tagged.successItems.length, 1, "tagged");
});
await check("community_deletes", async () => {
  const gone = await zoho.zohoCrmDeleteRecord(crmContext)({ module: "Contacts", ids: [id] });
  equal(gone.successItems.length, 1, "deleted");
});
process.exit(0); // its rate limiter keeps a timer
