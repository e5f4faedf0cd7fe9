// A role's access to S3 depends on its policies, as on AWS.
import { CopyObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { afterEach, expect, test } from "vitest";
import type { Resource } from "../../../packages/local/src/kernel/graph.ts";
import { testCloud, type TestCloud } from "../../../packages/local/src/kernel/testing-cloud.ts";
import { s3 } from "../../../packages/local/src/service/s3/plugin.ts";

let cloud: TestCloud;
afterEach(() => cloud.dispose());

const Bucket = "box";

async function asRole(...allowed: Array<[action: string, resource: string]>) {
  const Statement = allowed.map(([Action, Resource]) => ({ Effect: "Allow", Action, Resource }));
  const policy = JSON.stringify({ Version: "2012-10-17", Statement });
  const resources: Resource[] = [
    { name: "Box", type: "aws:s3/bucket:Bucket", inputs: { bucket: Bucket } },
    {
      name: "Worker",
      type: "aws:iam/role:Role",
      inputs: { name: "worker", inlinePolicies: [{ name: "p", policy }] },
    },
  ];
  cloud = await testCloud({ plugins: [s3], graph: { resources } });
  await cloud.kernel.call("s3", "PutObject", { Bucket, Key: "in/a", Body: "a" }, { kind: "root" });
  const credentials = cloud.kernel.keys.issue("arn:aws:iam::000000000000:role/worker", "fn");
  return new S3Client({ ...cloud.client, credentials });
}

test("a missing key is AccessDenied without permission to list, and NoSuchKey with it", async () => {
  const read: [string, string] = ["s3:GetObject", "arn:aws:s3:::box/*"];
  const missing = new GetObjectCommand({ Bucket, Key: "in/none" });
  await expect((await asRole(read)).send(missing)).rejects.toMatchObject({
    name: "AccessDenied",
    message: expect.stringContaining("s3:ListBucket"),
  });
  await cloud.dispose();
  const lister = await asRole(read, ["s3:ListBucket", "arn:aws:s3:::box"]);
  await expect(lister.send(missing)).rejects.toMatchObject({ name: "NoSuchKey" });
});

test("a permission for a prefix applies to that prefix only, also for copies and signed forms", async () => {
  const client = await asRole(["s3:PutObject", "arn:aws:s3:::box/out/*"]);
  await client.send(new PutObjectCommand({ Bucket, Key: "out/b", Body: "b" }));
  const denied = { name: "AccessDenied" };
  await expect(client.send(new PutObjectCommand({ Bucket, Key: "in/b", Body: "b" }))).rejects.toMatchObject(
    denied,
  );
  await expect(
    client.send(new CopyObjectCommand({ Bucket, Key: "out/c", CopySource: "box/in/a" })),
  ).rejects.toMatchObject(denied);
  const post = async (Key: string) => {
    const { url, fields } = await createPresignedPost(client, { Bucket, Key });
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", "x");
    return (await fetch(url, { method: "POST", body: form })).status;
  };
  expect(await post("out/d")).toBe(204);
  expect(await post("in/d")).toBe(403);
});
