import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { importPackage, createUploadForm } from "./import.ts";

const s3 = mockClient(S3Client);
vi.stubEnv("SST_RESOURCE_ArtifactsBucket", JSON.stringify({ name: "artifacts" }));
vi.stubEnv("SST_RESOURCE_App", JSON.stringify({ name: "sluice", stage: "test" }));
vi.stubEnv("AWS_REGION", "eu-central-1");
vi.stubEnv("AWS_ACCESS_KEY_ID", "a");
vi.stubEnv("AWS_SECRET_ACCESS_KEY", "b");
afterAll(() => {
  vi.unstubAllEnvs();
  s3.restore();
});
beforeEach(() => void s3.reset());

test("a package too large for a request is an error, with the limit and an alternative", async () => {
  const { key, maxBytes } = await createUploadForm("cats", Date.parse("2026-11-21T00:00:00Z"));
  s3.on(HeadObjectCommand).resolves({ ContentLength: maxBytes + 1 });
  await expect(importPackage("cats", key, 0)).rejects.toMatchObject({
    code: "PACKAGE_TOO_LARGE",
    message: expect.stringContaining(
      `${maxBytes + 1} bytes; the limit for an uploaded package is ${maxBytes} bytes`,
    ),
    hint: expect.stringContaining("training job"),
  });
  expect(s3.commandCalls(GetObjectCommand)).toEqual([]);
});

test("a package that was never uploaded is reported as missing", async () => {
  const { key } = await createUploadForm("cats", 0);
  s3.on(HeadObjectCommand).rejects(Object.assign(new Error("no"), { name: "NotFound" }));
  await expect(importPackage("cats", key, 0)).rejects.toMatchObject({ code: "OBJECT_GONE" });
});
