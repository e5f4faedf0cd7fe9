// A browser's requests to S3: presigned URLs, forms with a signed policy, cross-origin requests.
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { createPresignedPost, type PresignedPostOptions } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, expect, test } from "vitest";
import { manualClock, type ManualClock } from "../../../packages/local/src/kernel/clock.ts";
import { testCloud, type TestCloud } from "../../../packages/local/src/kernel/testing-cloud.ts";
import { s3 } from "../../../packages/local/src/service/s3/plugin.ts";

let cloud: TestCloud;
let clock: ManualClock;
let client: S3Client;
const Bucket = "uploads";

beforeAll(async () => {
  clock = manualClock(Date.now());
  cloud = await testCloud({ plugins: [s3], clock });
  client = new S3Client(cloud.client);
  await client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  client.destroy();
  await cloud.dispose();
});

const read = async (Key: string) =>
  (await client.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToString();
const codeOf = async (answer: Response) => /<Code>(.*)<\/Code>/.exec(await answer.text())?.[1];

test("a presigned PUT accepts any body, although the SDK signs the checksum of an empty one", async () => {
  const url = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: "put é.txt" }));
  expect((await fetch(url, { method: "PUT", body: "from a browser" })).status).toBe(200);
  expect(await read("put é.txt")).toBe("from a browser");
});

test("a presigned GET returns the signed response headers only", async () => {
  await client.send(new PutObjectCommand({ Bucket, Key: "report", Body: "text" }));
  const command = new GetObjectCommand({
    Bucket,
    Key: "report",
    ResponseContentType: "text/csv",
    ResponseContentDisposition: 'attachment; filename="r.csv"',
  });
  const url = await getSignedUrl(client, command, { expiresIn: 60 });
  const answer = await fetch(url);
  expect(answer.headers.get("content-type")).toBe("text/csv");
  expect(answer.headers.get("content-disposition")).toBe('attachment; filename="r.csv"');
  expect(await answer.text()).toBe("text");
  expect((await fetch(url.replace("text%2Fcsv", "text%2Fhtml"))).status).toBe(403);
  await clock.advance(61_000 + 60_000);
  expect((await fetch(url)).status).toBe(403);
});

async function post(
  options: Partial<PresignedPostOptions>,
  file: string | Uint8Array<ArrayBuffer>,
  { filename = "cat.png", change = {} }: { filename?: string; change?: Record<string, string> } = {},
) {
  const { url, fields } = await createPresignedPost(client, {
    Bucket,
    Key: "posted",
    Expires: 600,
    ...options,
  });
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...change })) form.append(name, value);
  form.append("file", new Blob([file]), filename);
  form.append("after", "what follows the file is ignored");
  return fetch(url, { method: "POST", body: form });
}

test("a form creates an object, and returns its location", async () => {
  const bytes = new Uint8Array(300_000).map((_, index) => (index * 7) % 251);
  const answer = await post(
    {
      Key: "in/${filename}",
      Fields: { success_action_status: "201", "Content-Type": "image/png", "x-amz-meta-by": "me" },
    },
    bytes,
    { filename: "a b.png" },
  );
  expect(answer.status).toBe(201);
  expect(await answer.text()).toContain("<Key>in/a b.png</Key>");
  const object = await client.send(new GetObjectCommand({ Bucket, Key: "in/a b.png" }));
  expect(object).toMatchObject({ ContentType: "image/png", Metadata: { by: "me" } });
  expect(Buffer.from(await object.Body!.transformToByteArray()).equals(bytes)).toBe(true);
  expect((await post({}, "plain")).status).toBe(204);
});

test("a file outside the signed size is rejected and not stored", async () => {
  const Conditions: PresignedPostOptions["Conditions"] = [["content-length-range", 2, 10]];
  const large = await post({ Key: "size", Conditions }, "x".repeat(11));
  expect([large.status, await codeOf(large)]).toEqual([400, "EntityTooLarge"]);
  const small = await post({ Key: "size", Conditions }, "x");
  expect([small.status, await codeOf(small)]).toEqual([400, "EntityTooSmall"]);
  await expect(client.send(new HeadObjectCommand({ Bucket, Key: "size" }))).rejects.toMatchObject({
    name: "NotFound",
  });
  expect((await post({ Key: "size", Conditions }, "x".repeat(10))).status).toBe(204);
});

test.each([
  ["another key than signed", {}, { key: "elsewhere" }],
  ["an unsigned field", {}, { "x-amz-meta-extra": "1" }],
  [
    "another type than signed",
    { Conditions: [["starts-with", "$Content-Type", "image/"]] },
    { "Content-Type": "text/html" },
  ],
  [
    "a changed policy",
    {},
    { Policy: Buffer.from('{"expiration":"2100-01-01T00:00:00Z","conditions":[]}').toString("base64") },
  ],
])("a form with %s is rejected", async (_, options, change) => {
  const answer = await post(options as Partial<PresignedPostOptions>, "x", { change: change as never });
  expect(answer.status).toBe(403);
});

test("a form with an expired policy is rejected", async () => {
  const { url, fields } = await createPresignedPost(client, { Bucket, Key: "late", Expires: 60 });
  await clock.advance(200_000 + 61_000);
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", "x");
  const answer = await fetch(url, { method: "POST", body: form });
  expect(await codeOf(answer)).toBe("AccessDenied");
});

test("a malformed form is rejected", async () => {
  for (const body of ["", "--x\r\n\r\n\r\n--x--", "no boundary at all"]) {
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    const answer = await fetch(`${cloud.endpoint}/${Bucket}`, { method: "POST", headers, body });
    expect(answer.status).toBe(400);
  }
});

test("pages of an allowed origin can upload and read; other pages cannot", async () => {
  const CORSRules = [
    {
      AllowedOrigins: ["https://*.example.com"],
      AllowedMethods: ["PUT", "GET"],
      AllowedHeaders: ["content-*"],
      ExposeHeaders: ["ETag"],
      MaxAgeSeconds: 60,
    },
  ];
  await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
  const ask = (origin: string, method: string, headers = "content-type") =>
    fetch(`${cloud.endpoint}/${Bucket}/k`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": method,
        "access-control-request-headers": headers,
      },
    });
  const yes = await ask("https://app.example.com", "PUT");
  expect(yes.status).toBe(200);
  expect(yes.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
  expect(yes.headers.get("access-control-max-age")).toBe("60");
  expect((await ask("https://evil.test", "PUT")).status).toBe(403);
  expect((await ask("https://app.example.com", "DELETE")).status).toBe(403);
  expect((await ask("https://app.example.com", "PUT", "x-other")).status).toBe(403);

  await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
  const url = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: "k" }), {
    signingDate: new Date(clock.now()),
  });
  const answer = await fetch(url, { headers: { origin: "https://app.example.com" } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("access-control-expose-headers")).toBe("ETag");
});
