// Writes files to the artifacts bucket: small ones in one request, large ones as multipart uploads.
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { buckets } from "../../aws/link.ts";
import { s3 } from "../../aws/s3.ts";
import { storageError } from "../../object/fetch.ts";
import type { OpenFile } from "./write-files.ts";

/** S3 accepts parts of at least 5 MB, and at most 10,000 of them. */
const partBytes = 8_388_608;

export function artifactFolder(folder: string): OpenFile {
  return (name, contentType) => {
    const target = { Bucket: buckets.artifacts(), Key: folder + name };
    let block: string[] = [];
    let length = 0;
    let upload: string | undefined;
    const parts: { PartNumber: number; ETag: string | undefined }[] = [];

    const takeBlock = () => {
      const body = Buffer.from(block.join(""));
      block = [];
      length = 0;
      return body;
    };
    const sendPart = async () => {
      upload ??= (await s3().send(new CreateMultipartUploadCommand({ ...target, ContentType: contentType })))
        .UploadId;
      const part = { ...target, UploadId: upload, PartNumber: parts.length + 1 };
      const { ETag } = await s3().send(new UploadPartCommand({ ...part, Body: takeBlock() }));
      parts.push({ PartNumber: part.PartNumber, ETag });
    };
    const withAbort = async (work: () => Promise<unknown>) => {
      try {
        await work();
      } catch (error) {
        if (upload)
          await s3()
            .send(new AbortMultipartUploadCommand({ ...target, UploadId: upload }))
            .catch(() => {});
        throw storageError(error, "s3:PutObject", target.Bucket, target.Key);
      }
    };
    return {
      async write(text) {
        block.push(text);
        length += text.length;
        if (length >= partBytes) await withAbort(sendPart);
      },
      end: () =>
        withAbort(async () => {
          if (!upload)
            return s3().send(
              new PutObjectCommand({ ...target, Body: takeBlock(), ContentType: contentType }),
            );
          if (length > 0) await sendPart();
          return s3().send(
            new CompleteMultipartUploadCommand({
              ...target,
              UploadId: upload,
              MultipartUpload: { Parts: parts },
            }),
          );
        }),
    };
  };
}
