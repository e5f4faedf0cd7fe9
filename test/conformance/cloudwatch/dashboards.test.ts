// Dashboards through the AWS SDK, boto3 and the aws command.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  CloudWatchClient,
  DeleteDashboardsCommand,
  GetDashboardCommand,
  ListDashboardsCommand,
  PutDashboardCommand,
} from "@aws-sdk/client-cloudwatch";
import { startCloud, type Cloud } from "@sluice/local/cloud.ts";
import { printErrors } from "@sluice/local/kernel/testing-log.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aws, boto3, noAws, noBoto3 } from "../lambda/tools.ts";

let cloud: Cloud;
let client: CloudWatchClient;
let dir: string;

const widget = (properties: object = {}, more: object = {}) => ({
  type: "metric",
  x: 0,
  y: 0,
  width: 12,
  height: 6,
  properties: { region: "us-east-1", metrics: [["AWS/SQS", "NumberOfMessagesSent"]], ...properties },
  ...more,
});
const bodyOf = (...widgets: unknown[]) => JSON.stringify({ widgets });

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), "cloud-"));
  cloud = await startCloud({
    root: dir,
    dir,
    port: 0,
    log: printErrors,
    graph: {
      version: 1,
      app: "conformance",
      stage: "local",
      resources: [
        {
          name: "Declared",
          type: "aws:cloudwatch/dashboard:Dashboard",
          inputs: { dashboardName: "declared", dashboardBody: bodyOf(widget()) },
        },
      ],
      functions: {},
    },
  });
  client = new CloudWatchClient(cloud.client);
});
afterAll(async () => {
  await cloud.stop();
  rmSync(dir, { recursive: true, force: true });
});

const put = (DashboardName: string, DashboardBody: string) =>
  client.send(new PutDashboardCommand({ DashboardName, DashboardBody }));

test("the graph's dashboard is there", async () => {
  expect(await client.send(new GetDashboardCommand({ DashboardName: "declared" }))).toMatchObject({
    DashboardName: "declared",
    DashboardArn: "arn:aws:cloudwatch::000000000000:dashboard/declared",
    DashboardBody: bodyOf(widget()),
  });
});

test("a dashboard is put, replaced, listed and deleted", async () => {
  expect(await put("app-one", bodyOf(widget()))).toMatchObject({ DashboardValidationMessages: [] });
  const replaced = bodyOf(widget(), { type: "text", properties: { markdown: "# Hello" } });
  await put("app-one", replaced);
  await put("app-two", bodyOf());
  const list = async (DashboardNamePrefix?: string) =>
    (await client.send(new ListDashboardsCommand({ DashboardNamePrefix }))).DashboardEntries!;
  expect(await list("app-")).toMatchObject([
    { DashboardName: "app-one", Size: replaced.length, LastModified: expect.any(Date) },
    { DashboardName: "app-two" },
  ]);
  expect(await list()).toHaveLength(3);

  const remove = (...DashboardNames: string[]) =>
    client.send(new DeleteDashboardsCommand({ DashboardNames }));
  await expect(remove("app-one", "app-three")).rejects.toMatchObject({
    // The SDK prefers the code of the query protocol, which a header has.
    name: "ResourceNotFound",
    message: expect.stringContaining("[app-three]"),
    $metadata: { httpStatusCode: 404 },
  });
  expect(await list("app-"), "all or none").toHaveLength(2);
  await remove("app-one", "app-two");
  expect(await list("app-")).toEqual([]);
  await expect(client.send(new GetDashboardCommand({ DashboardName: "app-one" }))).rejects.toMatchObject({
    name: "ResourceNotFound",
    message: "Dashboard app-one does not exist",
  });
});

test.each(["{", "[]", "null", '"text"'])("the body %s is not a JSON object", async (body) => {
  await expect(put("bad", body)).rejects.toMatchObject({
    name: "DashboardInvalidInputError",
    message: "The field DashboardBody must be a valid JSON object",
    $metadata: { httpStatusCode: 400 },
  });
});

const metricRow = (row: unknown) => bodyOf(widget({ metrics: [row] }));
const AT_ROW = "/widgets/0/properties/metrics/0";

test.each<[string, string, string, string]>([
  ["no widgets", "{}", "", "Should have required property 'widgets'"],
  ["widgets that are no list", '{"widgets":{}}', "/widgets", "Should be array"],
  [
    "too many widgets",
    bodyOf(...Array.from({ length: 501 }, () => ({ type: "text", properties: { markdown: "" } }))),
    "/widgets",
    "Should NOT have more than 500 items",
  ],
  ["a widget that is no object", bodyOf(1), "/widgets/0", "Should be object"],
  ["no type", bodyOf({ properties: {} }), "/widgets/0", "Should have required property 'type'"],
  [
    "an unknown type",
    bodyOf({ type: "chart", properties: {} }),
    "/widgets/0/type",
    "Should be equal to one of the allowed values",
  ],
  ["no properties", bodyOf({ type: "log" }), "/widgets/0", "Should have required property 'properties'"],
  ["a column outside of the grid", bodyOf(widget({}, { x: 24 })), "/widgets/0/x", "Should be <= 23"],
  ["a width of 0", bodyOf(widget({}, { width: 0 })), "/widgets/0/width", "Should be >= 1"],
  ["half a row", bodyOf(widget({}, { height: 1.5 })), "/widgets/0/height", "Should be integer"],
  [
    "no region",
    bodyOf(widget({ region: undefined })),
    "/widgets/0/properties",
    "Should have required property 'region'",
  ],
  [
    "no metrics",
    bodyOf(widget({ metrics: undefined })),
    "/widgets/0/properties",
    "Should have required property 'metrics'",
  ],
  [
    "an empty list of metrics",
    bodyOf(widget({ metrics: [] })),
    "/widgets/0/properties/metrics",
    "Should NOT have fewer than 1 items",
  ],
  ["a metric that is no list", metricRow({ name: "x" }), AT_ROW, "Should be array"],
  [
    "a number in a metric",
    metricRow(["A", "b", "c", 1]),
    `${AT_ROW}/3`,
    'Invalid metric field type, only "String" type is allowed',
  ],
  ["a dimension without value", metricRow(["A", "b", "c"]), AT_ROW, "Should NOT have more than 2 items"],
  ["a namespace alone", metricRow(["A"]), AT_ROW, "Should NOT have fewer than 2 items"],
])("a body with %s is invalid", async (_, body, DataPath, Message) => {
  const error = await put("bad", body).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    name: "DashboardInvalidInputError",
    message: expect.stringMatching(/^The dashboard body is invalid, there are \d+ validation errors:\n\[/),
    dashboardValidationMessages: expect.arrayContaining([{ DataPath, Message }]),
  });
});

test("valid bodies are accepted: expressions, options, alarms", async () => {
  const body = bodyOf(
    widget({
      metrics: [["A", "b", "c", "d", { stat: "p99" }], [{ expression: "SEARCH('{A,c} b', 'Sum')" }]],
    }),
    widget({ metrics: undefined, annotations: { alarms: ["arn:aws:cloudwatch:us-east-1:0:alarm:x"] } }),
  );
  await put("good", body);
  expect((await client.send(new GetDashboardCommand({ DashboardName: "good" }))).DashboardBody).toBe(body);
});

test("a name with other characters is invalid", async () => {
  await expect(put("a b", bodyOf())).rejects.toMatchObject({ name: "InvalidParameterValueException" });
});

test("boto3 gets the codes of the query protocol", async ({ skip }) => {
  skip(noBoto3 !== undefined, noBoto3);
  const answer = await boto3(
    cloud.environment,
    `
c = boto3.client("cloudwatch")
c.put_dashboard(DashboardName="py", DashboardBody=json.dumps({"widgets": []}))
names = [d["DashboardName"] for d in c.list_dashboards(DashboardNamePrefix="py")["DashboardEntries"]]
codes = []
for call in (lambda: c.get_dashboard(DashboardName="nowhere"), lambda: c.put_dashboard(DashboardName="py", DashboardBody="{")):
  try:
    call()
  except Exception as error:
    codes.append(error.response["Error"]["Code"])
print(json.dumps([names, codes]))`,
  );
  expect(answer).toEqual([["py"], ["ResourceNotFound", "InvalidParameterInput"]]);
});

test("the aws command puts and gets a dashboard", async ({ skip }) => {
  skip(noAws !== undefined, noAws);
  const named = ["--dashboard-name", "cli"];
  await aws(cloud.environment, "cloudwatch", "put-dashboard", ...named, "--dashboard-body", bodyOf());
  const found = JSON.parse(await aws(cloud.environment, "cloudwatch", "get-dashboard", ...named));
  expect(found.DashboardBody).toBe(bodyOf());
});
