// Downloads the files of a dataset into a folder that survives an interruption: complete files are not read again.
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Line } from "@sluice/core/dataset/line.ts";
import type { Collection } from "@sluice/labels/format/collection.ts";
import type { Sample, Split } from "@sluice/labels/format/sample.ts";
import { openFolder } from "@sluice/labels/format/folder.ts";
import { fetchApi, readBody, type Client } from "../target/client.ts";

const PAGE_SIZE = "200";
const CONCURRENCY = 8;
const SPLITS: readonly Split[] = ["train", "validation", "test"];

export interface DownloadedDataset {
  samples: Sample[];
  /** Files that no longer exist, or have another content than the dataset was made from. */
  missing: string[];
}

interface Options {
  model: string;
  labelsOnly?: boolean;
  /** Called after each item. */
  onItem(): void;
}

export async function downloadDataset(
  api: Client,
  id: string,
  folder: string,
  { model, labelsOnly, onItem }: Options,
): Promise<DownloadedDataset> {
  const { mapConcurrently } = await import("@sluice/core/util/map-concurrently.ts");
  await mkdir(folder, { recursive: true });
  const present = new Set(await readdir(folder));
  const result: DownloadedDataset = { samples: [], missing: [] };
  for (const split of SPLITS) {
    let cursor: string | undefined;
    do {
      const query = { split, limit: PAGE_SIZE, cursor };
      const page = await readBody(api.datasets[":id"].items.$get({ param: { id }, query }));
      await mapConcurrently(CONCURRENCY, page.items, async ({ image, ...line }) => {
        const name = storedName(line.file);
        if (image !== undefined && !labelsOnly && !present.has(name))
          if (!(await download(image, line, path.join(folder, name)))) result.missing.push(line.file);
        onItem();
      });
      result.samples.push(...page.items.map((line) => toSample(line, split, `data/${model}/`)));
      ({ cursor } = page);
    } while (cursor !== undefined);
  }
  return result;
}

/** The downloaded files under the paths of their samples. */
export function openDownloads(folder: string, model: string): Collection {
  const files = openFolder(folder);
  const name = (file: string) => storedName(/^(data|uploads)\//.test(file) ? file : `data/${model}/${file}`);
  return {
    ...files,
    read: (file, limit) => files.read(name(file), limit),
    stream: (file) => files.stream(name(file)),
    has: (file) => files.has(name(file)),
  };
}

/** A digest of the key: keys may have any characters and lengths. */
const storedName = (key: string) => createHash("sha256").update(key).digest("hex");

/** False if the file does not have the content that the dataset was made from. */
async function download(url: string, { etag, bytes }: Line, file: string): Promise<boolean> {
  const response = await fetchApi(url);
  if (!response.ok || !response.body) return false;
  const hash = createHash("md5");
  let size = 0;
  const part = `${file}.part`;
  await pipeline(
    Readable.fromWeb(response.body as never),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        size += chunk.byteLength;
        yield chunk;
      }
    },
    createWriteStream(part),
  );
  // The ETag of a multipart upload is not an MD5.
  const isMd5 = etag !== undefined && /^[0-9a-f]{32}$/.test(etag);
  const isSame = (bytes === undefined || size === bytes) && (!isMd5 || hash.digest("hex") === etag);
  if (isSame) await rename(part, file);
  else await rm(part);
  return isSame;
}

function toSample({ file, label, boxes, text, width, height }: Line, split: Split, prefix: string): Sample {
  const isInline = text !== undefined && file.startsWith("text/");
  return {
    ...(!isInline && { file: file.startsWith(prefix) ? file.slice(prefix.length) : file }),
    ...(text !== undefined && { text }),
    ...(label !== undefined && { label }),
    ...(boxes !== undefined && { boxes }),
    ...(width !== undefined && height !== undefined && { image: { width, height } }),
    split,
  };
}
