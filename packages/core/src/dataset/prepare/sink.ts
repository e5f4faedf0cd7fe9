// A file of the artifacts bucket, written piece by piece: small ones in one request, large ones in parts.
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
import type { Open } from "./write.ts";

/** S3 wants parts of at least 5 MB and at most 10,000 of them. */
const partBytes = 8_388_608;

export function intoFolder(folder: string): Open {
  return (name, contentType) => {
    const place = { Bucket: buckets.artifacts(), Key: folder + name };
    let block: string[] = [];
    let length = 0;
    let upload: string | undefined;
    const parts: { PartNumber: number; ETag: string | undefined }[] = [];

    const take = () => {
      const body = Buffer.from(block.join(""));
      block = [];
      length = 0;
      return body;
    };
    const part = async () => {
      upload ??= (await s3().send(new CreateMultipartUploadCommand({ ...place, ContentType: contentType })))
        .UploadId;
      const which = { ...place, UploadId: upload, PartNumber: parts.length + 1 };
      const { ETag } = await s3().send(new UploadPartCommand({ ...which, Body: take() }));
      parts.push({ PartNumber: which.PartNumber, ETag });
    };
    const guarded = async (work: () => Promise<unknown>) => {
      try {
        await work();
      } catch (error) {
        if (upload)
          await s3()
            .send(new AbortMultipartUploadCommand({ ...place, UploadId: upload }))
            .catch(() => {});
        throw storageError(error, "s3:PutObject", place.Bucket, place.Key);
      }
    };
    return {
      async write(text) {
        block.push(text);
        length += text.length;
        if (length >= partBytes) await guarded(part);
      },
      end: () =>
        guarded(async () => {
          if (!upload)
            return s3().send(new PutObjectCommand({ ...place, Body: take(), ContentType: contentType }));
          if (length > 0) await part();
          return s3().send(
            new CompleteMultipartUploadCommand({
              ...place,
              UploadId: upload,
              MultipartUpload: { Parts: parts },
            }),
          );
        }),
    };
  };
}
