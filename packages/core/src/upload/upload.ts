import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import * as z from "zod";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import { fn } from "../util/fn.ts";
import { uploadKey } from "./key.ts";

const validSeconds = 900;

/** A presigned form to upload one file. S3 enforces its key, type and size. */
export const requestUpload = fn(
  z.object({
    model: z.string(),
    filename: z.string().min(1).max(1_024),
    contentType: z.string(),
    /** One of the model's prefixes. Default: the first. */
    prefix: z.string().optional(),
  }),
  async ({ model, filename, contentType, prefix }) => {
    const { accepts } = getModel(model);
    const folder = prefix ?? accepts.prefixes[0]!;
    if (!accepts.prefixes.includes(folder)) {
      throw new SluiceError(
        "INPUT_INVALID",
        `prefix: "${folder}" is not one of ${accepts.prefixes.join(", ")}.`,
      );
    }
    if (!accepts.types.includes(contentType)) {
      const message = `contentType: "${contentType}" is not one of ${accepts.types.join(", ")}.`;
      throw new SluiceError("TYPE_NOT_ACCEPTED", message);
    }
    const key = uploadKey(folder, filename);
    const { url, fields } = await createPresignedPost(s3(), {
      Bucket: buckets.uploads(),
      Key: key,
      Expires: validSeconds,
      Fields: { "Content-Type": contentType },
      Conditions: [
        ["content-length-range", 1, accepts.maxBytes],
        ["eq", "$Content-Type", contentType],
      ],
    });
    const expiresAt = new Date(Date.now() + validSeconds * 1_000).toISOString();
    return { bucket: buckets.uploads(), key, url, fields, maxBytes: accepts.maxBytes, expiresAt };
  },
);
