// S3 objects by URI, read and written with the role of a model or job.
import type { Readable } from "node:stream";
import type { Kernel, Principal } from "../../kernel/service.ts";

export interface S3Object {
  Body: Readable;
  ContentLength: number;
}

export function parseS3Uri(uri: string): { bucket: string; key: string } | undefined {
  const [, bucket, key = ""] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri) ?? [];
  return bucket ? { bucket, key } : undefined;
}

export const asRole = (arn: string): Principal => ({ kind: "role", arn, session: "SageMaker" });

export function getObject(kernel: Kernel, roleArn: string, uri: string): Promise<S3Object> {
  const { bucket, key } = parseS3Uri(uri)!;
  return kernel.call("s3", "GetObject", { Bucket: bucket, Key: key }, asRole(roleArn));
}

export function putObject(kernel: Kernel, roleArn: string, uri: string, object: object): Promise<unknown> {
  const { bucket, key } = parseS3Uri(uri)!;
  return kernel.call("s3", "PutObject", { Bucket: bucket, Key: key, ...object }, asRole(roleArn));
}
