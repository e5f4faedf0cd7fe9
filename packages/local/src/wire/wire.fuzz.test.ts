// Requests of any shape become an input or an AWS error, in each protocol.
import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { damaged, jsonLike, neverBreaks, textOf } from "../../../../test/support/fuzz.ts";
import { AwsError } from "../kernel/error.ts";
import { splitBucket } from "./bucket.ts";
import { CATALOG } from "./catalog.ts";
import { jsonCodec, xmlCodec } from "./codec.ts";
import { loadModel } from "./model.ts";
import { readQuery } from "./query.ts";
import { readRest } from "./rest.ts";
import { matchRoute } from "./match.ts";

const isAwsError = (error: unknown) => error instanceof AwsError && error.status < 500;
const model = (service: string) => loadModel(CATALOG.find((entry) => entry.service === service)!);

const json = jsonCodec({ contentType: "application/x-amz-json-1.0", names: false });
const deep = (depth: number) =>
  JSON.stringify({ TableName: "t", Item: { a: 0 } }).replace(
    "0",
    '{"L":['.repeat(depth) + "]}".repeat(depth),
  );

test.each([
  [
    "dynamodb",
    "TransactWriteItems",
    {
      TransactItems: [
        {
          Put: {
            TableName: "t",
            Item: { pk: { S: "a" }, n: { N: "1" }, b: { B: "AQI=" }, l: { L: [{ BOOL: true }] } },
          },
        },
      ],
      ClientRequestToken: "x",
    },
  ],
  [
    "sqs",
    "SendMessageBatch",
    {
      QueueUrl: "u",
      Entries: [
        {
          Id: "1",
          MessageBody: "b",
          DelaySeconds: 1,
          MessageAttributes: { a: { DataType: "String", StringValue: "x" } },
        },
      ],
    },
  ],
  [
    "events",
    "PutEvents",
    { Entries: [{ Time: 1_700_000_000, Source: "s", Resources: ["r"], DetailType: "t", Detail: "{}" }] },
  ],
  [
    "sagemaker",
    "CreateTrainingJob",
    {
      TrainingJobName: "j",
      HyperParameters: { a: "1" },
      InputDataConfig: [{ ChannelName: "c" }],
      StoppingCondition: { MaxRuntimeInSeconds: 1 },
    },
  ],
])("JSON of %s:%s", async (service, operation, valid) => {
  const { input } = (await model(service)).operations.get(operation)!;
  await neverBreaks(jsonLike(valid), (text) => json.read(input, Buffer.from(text)), isAwsError);
});

test.each([32, 5_000, 100_000])("attribute values nested %i deep", async (depth) => {
  const { input } = (await model("dynamodb")).operations.get("PutItem")!;
  await json.read(input, Buffer.from(deep(depth))).catch((error) => expect(error).toBeInstanceOf(AwsError));
});

test.each([
  ["sqs", "SendMessageBatch"],
  ["cloudwatch", "PutMetricData"],
  ["sts", "AssumeRole"],
])("query of %s:%s", async (service, operation) => {
  const { input } = (await model(service)).operations.get(operation)!;
  const name = textOf(
    ".",
    "1",
    "2",
    "0",
    "-1",
    "member",
    "entry",
    "SendMessageBatchRequestEntry",
    "Id",
    "MetricData",
    "Values",
    "MessageAttribute",
    "Name",
    "Value",
    "RoleArn",
    "Tags",
  );
  await neverBreaks(
    fc.array(fc.tuple(name, textOf("1", "true", "NaN", "2026-01-01T00:00:00Z", "%", "&")), { maxLength: 12 }),
    (pairs) => readQuery(input, new URLSearchParams(pairs)),
    isAwsError,
  );
});

const xml = xmlCodec("http://s3.amazonaws.com/doc/2006-03-01/");
test.each([
  [
    "DeleteObjects",
    "<Delete><Object><Key>a</Key><VersionId>1</VersionId></Object><Quiet>true</Quiet></Delete>",
  ],
  [
    "CompleteMultipartUpload",
    "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>",
  ],
  [
    "PutBucketLifecycleConfiguration",
    "<LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>",
  ],
])("XML of s3:%s", async (operation, valid) => {
  const { input } = (await model("s3")).operations.get(operation)!;
  const payload = [...input.structIterator()].find(([, member]) => member.getMergedTraits().httpPayload)![1];
  const text = fc.oneof(
    damaged(valid).map(String),
    textOf(
      "<",
      ">",
      "</",
      "Delete",
      "Object",
      "Key",
      "&amp;",
      "&#0;",
      "&x;",
      "<!DOCTYPE a [<!ENTITY x 'y'>]>",
      "<![CDATA[",
      "]]>",
      " xmlns=''",
      "<__proto__>",
    ),
  );
  await neverBreaks(text, (one) => xml.read(payload, Buffer.from(one)), isAwsError);
});

test("REST requests of S3", async () => {
  const { operations } = await model("s3");
  const part = textOf("/", "a", "bucket", "%", "%20", "%ff", "..", "?", "é", "+");
  const names = [
    "x-amz-meta-a",
    "x-amz-meta-__proto__",
    "x-amz-date",
    "if-modified-since",
    "range",
    "content-length",
    "x-amz-tagging",
    "x-amz-acl",
  ];
  const request = fc.record({
    method: fc.constantFrom("GET", "PUT", "POST", "DELETE", "HEAD"),
    path: part.map((text) => `/${text}`),
    rawQuery: textOf(
      "&",
      "=",
      "versionId",
      "partNumber",
      "uploads",
      "delete",
      "list-type=2",
      "max-keys",
      "x-id",
      "%",
      "1",
    ),
    headers: fc.dictionary(
      fc.constantFrom(...names, "host"),
      textOf("1", "a", ",", "bytes=", "Thu, 01 Jan 1970", "-"),
    ),
    body: textOf("<", "Delete", ">", "</", "a"),
  });
  await neverBreaks(
    request,
    async ({ method, path, rawQuery, headers, body }) => {
      const wire = { method, path, rawQuery, headers, query: new URLSearchParams(rawQuery) };
      const rest = { ...wire, ...splitBucket(wire) };
      const match = matchRoute(operations.values(), rest, () => true);
      if (!match) return;
      await readRest(
        match,
        rest,
        { stream: () => Readable.from([body]), buffer: async () => Buffer.from(body) },
        xml,
      );
    },
    isAwsError,
    400,
  );
});
