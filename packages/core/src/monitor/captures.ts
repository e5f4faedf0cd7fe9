// Finds and reads a model's capture files.
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { readLines } from "@sluice/labels/format/lines.ts";
import { candidateName, endpointName, targets } from "@sluice/models/names.ts";
import { appStage, buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { CAPTURE_PREFIX } from "../inference/capture.ts";
import type { DeclaredModel } from "../model/model.ts";
import { storageError } from "../object/fetch.ts";
import { type CapturedItem, parseCapture } from "./item.ts";

/** `capture/<endpoint>/<variant>/` of every endpoint that has served the model. */
export async function captureFolders(model: string): Promise<string[]> {
  const endpoints = targets.flatMap((target) => [
    endpointName(appStage(), model, target),
    candidateName(appStage(), model, target),
  ]);
  const found = await Promise.all(
    endpoints.map(async (endpoint) => {
      const { CommonPrefixes = [] } = await list({
        Prefix: `${CAPTURE_PREFIX}/${endpoint}/`,
        Delimiter: "/",
      });
      return CommonPrefixes.map(({ Prefix }) => Prefix!);
    }),
  );
  return found.flat();
}

/**
 * `period` is a folder of an hour or a day. Pages of keys, so that memory does not grow with the files. `after`: the key
 * before the first.
 */
export async function* listCaptures(
  folders: string[],
  period: string,
  after?: string,
): AsyncGenerator<string[]> {
  for (const folder of folders) {
    let token: string | undefined;
    do {
      const page = await list({ Prefix: `${folder}${period}/`, ContinuationToken: token, StartAfter: after });
      const keys = (page.Contents ?? []).map(({ Key }) => Key!);
      if (keys.length > 0) yield keys;
      token = page.NextContinuationToken;
    } while (token);
  }
}

export async function hasCaptures(folders: string[], period: string): Promise<boolean> {
  for (const folder of folders) {
    const { KeyCount } = await list({ Prefix: `${folder}${period}/`, MaxKeys: 1 });
    if (KeyCount) return true;
  }
  return false;
}

/** The predictions of a file; undefined for each line that is none. */
export async function* readCaptures(
  key: string,
  model: DeclaredModel,
): AsyncGenerator<CapturedItem | undefined> {
  const bucket = buckets.results();
  const { Body } = await s3()
    .send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    .catch((error: unknown) => {
      // Deleted since the list was read.
      if ((error as Error).name === "NoSuchKey") return { Body: undefined };
      throw storageError(error, "s3:GetObject", bucket, key);
    });
  if (!Body) return;
  for await (const { text, fault } of readLines(Body as AsyncIterable<Uint8Array>))
    if (fault || text.trim() !== "") yield fault ? undefined : parseCapture(text, model);
}

type ListInput = ConstructorParameters<typeof ListObjectsV2Command>[0];

async function list(input: Omit<ListInput, "Bucket">) {
  const bucket = buckets.results();
  try {
    return await s3().send(new ListObjectsV2Command({ ...input, Bucket: bucket }));
  } catch (error) {
    throw storageError(error, "s3:ListBucket", bucket, input.Prefix ?? "");
  }
}
