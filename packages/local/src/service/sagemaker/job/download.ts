// Downloads a folder from S3 with the job's role: all objects under a prefix, or those in a manifest. Objects are streamed
// to disk.
import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Kernel } from "../../../kernel/service.ts";
import { asRole, parseS3Uri, type S3Object } from "../s3.ts";
import { JobFailure } from "./job.ts";

const CONCURRENCY = 16;
/** Smaller objects are buffered: at most CONCURRENCY of them at once. */
const SMALL_BYTES = 1024 * 1024;

export interface Source {
  type: "S3Prefix" | "ManifestFile";
  uri: string;
}

interface FoundObject {
  bucket: string;
  key: string;
  /** The file's path, relative to the folder. */
  path: string;
}

export interface DownloadOptions {
  kernel: Kernel;
  roleArn: string;
  folder: string;
  signal: AbortSignal;
  /** Whether no object is allowed (checkpoints); a channel without objects fails the job. */
  mayBeEmpty?: boolean;
}

export async function downloadFolder(source: Source, options: DownloadOptions): Promise<void> {
  const { kernel, roleArn, folder, signal } = options;
  const call = <T>(operation: string, input: object) =>
    kernel.call<T>("s3", operation, input, asRole(roleArn)).catch((error: Error) => {
      throw new JobFailure(`ClientError: Data download failed: ${error.message} (${JSON.stringify(input)})`);
    });

  await mkdir(folder, { recursive: true });
  const folders = new Map<string, Promise<unknown>>();
  const createFolder = (path: string) => {
    const known = folders.get(path) ?? mkdir(path, { recursive: true });
    folders.set(path, known);
    return known;
  };
  const waiting = (source.type === "S3Prefix" ? underPrefix : inManifest)(source.uri, call);
  let count = 0;
  const worker = async () => {
    for await (const found of waiting) {
      if (signal.aborted) return;
      count++;
      await fetch(found);
    }
  };
  // Several workers share one generator.
  const ends = await Promise.allSettled(Array.from({ length: CONCURRENCY }, worker));
  const broken = ends.find((end) => end.status === "rejected");
  if (broken) throw broken.reason;
  if (count === 0 && !options.mayBeEmpty && !signal.aborted)
    throw new JobFailure(
      `ClientError: No S3 objects found under S3 URL "${source.uri}" given in input data source. Please ensure that the ` +
        `bucket exists in the selected region (${kernel.cloud.region}), that objects exist under that S3 prefix, and that ` +
        `the role "${roleArn}" has "s3:ListBucket" permissions on the bucket.`,
    );

  async function fetch({ bucket, key, path }: FoundObject) {
    const relative = normalize(path);
    if (relative === ".." || relative.startsWith("../") || relative.startsWith("/"))
      throw new JobFailure(
        `ClientError: Data download failed: the key s3://${bucket}/${key} is outside its folder.`,
      );
    const file = join(folder, relative);
    const { Body, ContentLength } = await call<S3Object>("GetObject", { Bucket: bucket, Key: key });
    try {
      await createFolder(dirname(file));
      // A stream per file would dominate the time for many small files.
      if (ContentLength <= SMALL_BYTES) await writeFile(file, await Body.toArray(), { flag: "wx" });
      else await pipeline(Body, createWriteStream(file, { flags: "wx" }));
    } catch (error) {
      Body.destroy();
      const { code } = error as NodeJS.ErrnoException;
      const clash = ["EEXIST", "ENOTDIR", "EISDIR"].includes(code ?? "");
      throw new JobFailure(
        clash
          ? `ClientError: Data download failed: Failed to download data. Cannot download s3://${bucket}/${key}, a previously downloaded file/folder clashes with it.`
          : `InternalServerError: s3://${bucket}/${key} could not be written: ${(error as Error).message}`,
      );
    }
  }
}

type S3Call = <T>(operation: string, input: object) => Promise<T>;

async function* underPrefix(uri: string, call: S3Call): AsyncGenerator<FoundObject> {
  const { bucket, key: prefix } = parseS3Uri(uri)!;
  let token: string | undefined;
  do {
    const page = await call<{ Contents?: Array<{ Key: string }>; NextContinuationToken?: string }>(
      "ListObjectsV2",
      {
        Bucket: bucket,
        Prefix: prefix,
        ...(token && { ContinuationToken: token }),
      },
    );
    for (const { Key: key } of page.Contents ?? [])
      // Skip the folder markers of the S3 console.
      if (!key.endsWith("/")) yield { bucket, key, path: pathUnder(prefix, key) };
    token = page.NextContinuationToken;
  } while (token);
}

/** The path below the prefix when it is a folder or the whole key, else below the prefix's last folder. */
function pathUnder(prefix: string, key: string): string {
  const folder = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
  return key.startsWith(folder) ? key.slice(folder.length) : key.slice(prefix.lastIndexOf("/") + 1);
}

/** `[{"prefix": "s3://bucket/some/"}, "relative/key", ...]`. */
async function* inManifest(uri: string, call: S3Call): AsyncGenerator<FoundObject> {
  const { bucket, key } = parseS3Uri(uri)!;
  const { Body } = await call<S3Object>("GetObject", { Bucket: bucket, Key: key });
  const { prefix, keys } = readManifest(uri, Buffer.concat(await Body.toArray()).toString());
  for (const path of keys) yield { bucket: prefix.bucket, key: prefix.key + path, path };
}

function readManifest(uri: string, text: string) {
  const refuse = (why: string) => new JobFailure(`ClientError: The manifest ${uri} cannot be read: ${why}.`);
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw refuse((error as Error).message);
  }
  if (!Array.isArray(list) || list.length === 0) throw refuse("it is not a JSON array");
  const [head, ...keys] = list as [{ prefix?: unknown }, ...unknown[]];
  const prefix = typeof head?.prefix === "string" ? parseS3Uri(head.prefix) : undefined;
  if (!prefix) throw refuse('its first element is not {"prefix": "s3://..."}');
  const wrong = keys.findIndex((path) => typeof path !== "string" || path === "");
  if (wrong >= 0) throw refuse(`element ${wrong + 1} is not a key`);
  return { prefix, keys: keys as string[] };
}
