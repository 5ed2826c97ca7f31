// The official Zoho CRM Node SDK 8.0, as its README shows it, against a sandbox it takes for a data centre of its own.
// Usage: node official.mjs START_JSON WORK_DIR; prints "ok NAME" or "not ok NAME" a line.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { unzipped, zipOf } from "./zip.mjs";

const [startFile, work] = process.argv.slice(2);
const start = JSON.parse(fs.readFileSync(startFile, "utf8")).data;
const sdk = await import(createRequire(path.join(work, "/")).resolve("@zohocrm/nodejs-sdk-8.0"));

const environment = sdk.DataCenter.setEnvironment(start.api_url, start.accounts_url + "/oauth/v2/token", start.api_url);
const token = new sdk.OAuthBuilder()
  .clientId(start.client_id)
  .clientSecret(start.client_secret)
  .refreshToken(start.refresh_token)
  .build();
const logger = new sdk.LogBuilder().level(sdk.Levels.ERROR).filePath(path.join(work, "sdk.log")).build();
await (
  await new sdk.InitializeBuilder()
)
  .environment(environment)
  .token(token)
  .store(new sdk.FileStore(path.join(work, "tokens.txt")))
  .SDKConfig(new sdk.SDKConfigBuilder().pickListValidation(true).autoRefreshFields(true).build())
  .resourcePath(work)
  .logger(logger)
  .initialize();

const { Record, Fields, Modules, Coql, BulkWrite, Users } = sdk;
const plain = (r) => r.getObject();
const say = (e) => (e instanceof Error ? e.stack : JSON.stringify(e));

async function check(name, run) {
  try {
    await run();
    console.log("ok " + name);
  } catch (e) {
    console.log("not ok " + name);
    console.log(say(e), e?.cause ? say(e.cause) : "", e?.details ? say(e.details) : "");
  }
}
function equal(got, want, what) {
  if (got !== want) throw new Error(`${what}: ${JSON.stringify(got)} where ${JSON.stringify(want)} was expected`);
}
// Element-wise answers: every one must have succeeded.
function made(response, key = "getData") {
  const body = plain(response);
  if (!body[key]) throw new Error("refused: " + JSON.stringify(body));
  return body[key]().map((one) => {
    if (one.getStatus().getValue() !== "success") throw new Error(JSON.stringify(one));
    return one;
  });
}
function record(values) {
  const r = new Record.Record();
  for (const [k, v] of Object.entries(values)) r.addKeyValue(k, v);
  return r;
}
function body(...records) {
  const b = new Record.BodyWrapper();
  b.setData(records);
  return b;
}
const products = () => new Record.RecordOperations("Products");
const idOf = (one) => BigInt(one.getDetails().get("id"));

await check("sdk_reads_who_it_is", async () => {
  const params = new sdk.ParameterMap();
  await params.add(Users.GetUsersParam.TYPE, "CurrentUser");
  const users = plain(await new Users.UsersOperations().getUsers(params, new sdk.HeaderMap())).getUsers();
  equal(users.length, 1, "current users");
});

await check("sdk_reads_modules", async () => {
  const list = plain(await new Modules.ModulesOperations().getModules(new sdk.ParameterMap(), new sdk.HeaderMap())).getModules();
  const names = list.map((m) => m.getAPIName());
  for (const name of ["Products", "Quotes", "Accounts"]) if (!names.includes(name)) throw new Error("no module " + name);
});

await check("sdk_reads_fields", async () => {
  const params = new sdk.ParameterMap();
  await params.add(Fields.GetFieldsParam.MODULE, "Products");
  const list = plain(await new Fields.FieldsOperations().getFields(params)).getFields();
  const name = list.find((f) => f.getAPIName() === "Product_Name");
  equal(name.getDataType(), "text", "data type");
  equal(name.getSystemMandatory(), true, "system mandatory");
});

let id;
await check("sdk_creates_a_field", async () => {
  const params = new sdk.ParameterMap();
  await params.add(Fields.CreateFieldParam.MODULE, "Products");
  const field = new Fields.Fields();
  field.setFieldLabel("Shelf");
  field.setDataType("text");
  field.setLength(40);
  const b = new Fields.BodyWrapper();
  b.setFields([field]);
  made(await new Fields.FieldsOperations().createField(b, params), "getFields");
  await sdk.ModuleFieldsHandler.deleteFieldsFile?.();
});

await check("sdk_creates_a_record", async () => {
  const one = made(await products().createRecords(body(record({ Product_Name: "Bracket 40", Product_Code: "BR-40", Unit_Price: 12.5 })), new sdk.HeaderMap()))[0];
  id = idOf(one);
});

await check("sdk_reads_it_back", async () => {
  const r = plain(await products().getRecord(id, new sdk.ParameterMap(), new sdk.HeaderMap())).getData()[0];
  equal(r.getKeyValue("Product_Name"), "Bracket 40", "Product_Name");
  equal(r.getKeyValue("Unit_Price"), 12.5, "Unit_Price");
});

await check("sdk_updates_a_record", async () => {
  made(await products().updateRecord(id, body(record({ Unit_Price: 13.25 })), new sdk.HeaderMap()));
  const r = plain(await products().getRecord(id, new sdk.ParameterMap(), new sdk.HeaderMap())).getData()[0];
  equal(r.getKeyValue("Unit_Price"), 13.25, "Unit_Price");
});

await check("sdk_is_told_what_is_missing", async () => {
  const refused = plain(await products().createRecords(body(record({ Product_Code: "X" })), new sdk.HeaderMap()).catch((e) => ({ getObject: () => e })));
  const text = refused.getData ? refused.getData()[0].getCode().getValue() : String(refused.code || refused.message || refused);
  if (!/MANDATORY/.test(text)) throw new Error(text);
});

await check("sdk_upserts", async () => {
  const b = body(record({ Product_Name: "Bracket 40", Unit_Price: 14 }), record({ Product_Name: "Bracket 50", Unit_Price: 15 }));
  b.setDuplicateCheckFields(["Product_Name"]);
  const [first, second] = made(await products().upsertRecords(b, new sdk.HeaderMap()));
  equal(first.getAction().getValue(), "update", "first");
  equal(second.getAction().getValue(), "insert", "second");
});

await check("sdk_lists_by_page", async () => {
  const params = new sdk.ParameterMap();
  await params.add(Record.GetRecordsParam.FIELDS, "Product_Name,Unit_Price");
  await params.add(Record.GetRecordsParam.PER_PAGE, 1);
  const answer = plain(await products().getRecords(params, new sdk.HeaderMap()));
  equal(answer.getData().length, 1, "records");
  equal(answer.getInfo().getMoreRecords(), true, "more_records");
});

await check("sdk_asks_coql", async () => {
  const b = new Coql.BodyWrapper();
  b.setSelectQuery("select Product_Name, Unit_Price from Products where Unit_Price >= 14 order by Unit_Price asc limit 10");
  const rows = plain(await new Coql.CoqlOperations().getRecords(b)).getData();
  equal(rows.map((r) => r.getKeyValue("Product_Name")).join(), "Bracket 40,Bracket 50", "rows");
});

await check("sdk_deletes_a_record", async () => {
  made(await products().deleteRecord(id, new sdk.ParameterMap(), new sdk.HeaderMap()));
  equal((await products().getRecord(id, new sdk.ParameterMap(), new sdk.HeaderMap())).getStatusCode(), 204, "status");
});

// The way of the SDK's own bulk write samples: upload, job, ask until it is done, result.
const bulk = new BulkWrite.BulkWriteOperations();
let fileId, jobId, resultUrl;
await check("sdk_uploads_a_zip_for_bulk_write", async () => {
  const file = path.join(work, "products.zip");
  fs.writeFileSync(file, zipOf("products.csv", "Product_Name,Product_Code,Unit_Price\nClamp 10,CL-10,2.5\n,CL-11,3\nBracket 50,BR-50,16\n"));
  const headers = new sdk.HeaderMap();
  await headers.add(BulkWrite.UploadFileHeader.FEATURE, "bulk-write");
  await headers.add(BulkWrite.UploadFileHeader.X_CRM_ORG, start.zgid);
  const b = new BulkWrite.FileBodyWrapper();
  b.setFile(new sdk.StreamWrapper(null, null, file));
  const one = plain(await bulk.uploadFile(b, headers));
  equal(one.getCode?.().getValue?.() ?? one.getCode(), "FILE_UPLOAD_SUCCESS", "code");
  fileId = String(one.getDetails().get("file_id"));
});

await check("sdk_creates_a_bulk_write_job", async () => {
  const module = new Modules.MinifiedModule();
  module.setAPIName("Products");
  const resource = new BulkWrite.Resource();
  resource.setType(new sdk.Choice("data"));
  resource.setModule(module);
  resource.setFileId(fileId);
  resource.setFindBy("Product_Name");
  resource.setFieldMappings(
    ["Product_Name", "Product_Code", "Unit_Price"].map((name, i) => {
      const m = new BulkWrite.FieldMapping();
      m.setAPIName(name);
      m.setIndex(i);
      return m;
    }),
  );
  const b = new BulkWrite.RequestWrapper();
  b.setOperation(new sdk.Choice("upsert"));
  b.setResource([resource]);
  const one = plain(await bulk.createBulkWriteJob(b));
  equal(one.getStatus().getValue(), "success", "status");
  jobId = String(one.getDetails().get("id"));
});

await check("sdk_asks_until_the_bulk_write_job_is_done", async () => {
  let job;
  for (let asked = 0; asked < 10 && job?.getStatus() !== "COMPLETED"; asked++) job = plain(await bulk.getBulkWriteJobDetails(jobId));
  equal(job.getStatus(), "COMPLETED", "status");
  const file = job.getResource()[0].getFile();
  equal([file.getAddedCount(), file.getUpdatedCount(), file.getSkippedCount(), file.getTotalCount()].join(), "1,1,1,3", "counts");
  resultUrl = job.getResult().getDownloadUrl();
});

await check("sdk_downloads_the_bulk_write_result", async () => {
  const file = (await plain(await bulk.downloadBulkWriteResult(resultUrl))).getFile(); // the SDK leaves this promise to the caller
  const lines = unzipped(Buffer.from(file.getStream())).trim().split("\n");
  equal(lines[0], "Product_Name,Product_Code,Unit_Price,STATUS,RECORD_ID,ERRORS", "head");
  if (!/^Clamp 10,CL-10,2.5,added,\d+,$/.test(lines[1])) throw new Error(lines[1]);
  equal(lines[2], ",CL-11,3,skipped,,MANDATORY_NOT_FOUND-Product_Name", "the row without a name");
  if (!/^Bracket 50,BR-50,16,updated,\d+,$/.test(lines[3])) throw new Error(lines[3]);
});
