import { openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { type Client, readBody } from "../target/client.ts";
import { EXIT, Failure, FILE_MISSING } from "../terminal/failure.ts";
import { contentTypeOf } from "./content-type.ts";
import { postForm } from "./form.ts";

export interface UploadRequest {
  model: string;
  prefix?: string;
  type?: string;
}

export interface Upload {
  file: string;
  bucket: string;
  key: string;
}

export async function uploadFile(
  api: Client,
  file: string,
  { model, prefix, type }: UploadRequest,
): Promise<Upload> {
  const stats = await stat(file).catch(() => undefined);
  if (!stats?.isFile())
    throw new Failure(FILE_MISSING, `${file} is not a file.`, {
      exit: EXIT.missing,
      hint: "Check the path and its permissions.",
    });
  const contentType = type ?? contentTypeOf(file);
  const form = await readBody(
    api.uploads.$post({ json: { model, filename: path.basename(file), contentType, prefix } }),
  );
  await postForm(
    form,
    await openAsBlob(file, { type: contentType }),
    `The model ${model} accepts files of up to ${form.maxBytes} bytes.`,
  );
  return { file, bucket: form.bucket, key: form.key };
}
