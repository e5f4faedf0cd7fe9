// Assembles the S3 service from its operations.
import type { Kernel, Service } from "../../kernel/service.ts";
import { accessOf } from "./access.ts";
import { openBodies, type BodyFile } from "./body/files.ts";
import { checkOwner } from "./body/owner.ts";
import { findBucket } from "./bucket/buckets.ts";
import { applyGraph } from "./bucket/declared.ts";
import { startLifecycle } from "./bucket/lifecycle.ts";
import { bucketOperations } from "./bucket/operations.ts";
import { TABLES, type S3 } from "./context.ts";
import { allowsCrossOrigin, handleBrowserRequest } from "./intercept.ts";
import { completeUpload } from "./multipart/complete.ts";
import { partOperations } from "./multipart/parts.ts";
import { uploadOperations } from "./multipart/uploads.ts";
import { copyObject } from "./object/copy.ts";
import { deleteOperations } from "./object/delete.ts";
import { readOperations } from "./object/get.ts";
import { listOperations } from "./object/list.ts";
import { putObject } from "./object/put.ts";
import { taggingOperations } from "./object/tagging.ts";
import { versionOperations } from "./object/versions.ts";
import { postOperation } from "./post/post.ts";

export function startS3(kernel: Kernel): Service {
  kernel.store.define(TABLES);
  const dir = kernel.dir("s3");
  const s3: S3 = { kernel, bodies: openBodies(dir, kernel.disk) };
  checkOwner(kernel, dir, s3.bodies.hasFiles, () => referencedFiles(kernel).size > 0);
  applyGraph(s3);
  let stopLifecycle = () => {};
  return {
    operations: {
      ...bucketOperations(s3),
      PutObject: (input, call) => putObject(s3, input, call),
      PostObject: postOperation(s3),
      CopyObject: (input, call) => copyObject(s3, input, call),
      ...readOperations(s3),
      ...deleteOperations(s3),
      ...listOperations(s3),
      ...versionOperations(s3),
      ...taggingOperations(s3),
      ...uploadOperations(s3),
      ...partOperations(s3),
      CompleteMultipartUpload: (input, call) => completeUpload(s3, input, call),
    },
    access: accessOf,
    policy: (arn) => findBucket(s3, arn.split(":::")[1]?.split("/")[0] ?? "")?.config.policy,
    allowsOrigin: (request) => allowsCrossOrigin(s3, request),
    intercept: (request, response) => handleBrowserRequest(s3, request, response),
    async resume() {
      const removed = await s3.bodies.sweep(referencedFiles(kernel));
      if (removed > 0) kernel.log("info", `s3: removed ${removed} files of unfinished writes`);
      stopLifecycle = startLifecycle(s3);
    },
    async stop() {
      stopLifecycle();
      await s3.bodies.whenIdle();
    },
  };
}

function referencedFiles({ store }: Kernel): Set<string> {
  const rows = store.all<{ pieces: string }>(
    "select pieces from s3_object where pieces <> '[]' union all select pieces from s3_part",
  );
  return new Set(rows.flatMap(({ pieces }) => (JSON.parse(pieces) as BodyFile[]).map((body) => body.file)));
}
