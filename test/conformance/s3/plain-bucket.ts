// One S3 bucket, without other services, and its client, for the tests of a file.
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { testCloud, type TestCloud } from "@sluice/local/kernel/testing-cloud.ts";
import { s3 } from "@sluice/local/service/s3/plugin.ts";
import { afterAll, beforeAll } from "vitest";

export const Bucket = "plain";

let cloud: TestCloud;
export let client: S3Client;

export function plainBucket() {
  beforeAll(async () => {
    cloud = await testCloud({ plugins: [s3] });
    client = new S3Client(cloud.client);
    await client.send(new CreateBucketCommand({ Bucket }));
  });
  afterAll(async () => {
    client.destroy();
    await cloud.dispose();
  });
}

export const put = (Key: string, Body: any = "hello", more: object = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
export const get = async (Key: string, more: object = {}) => {
  const output = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...output, text: await output.Body!.transformToString() };
};
