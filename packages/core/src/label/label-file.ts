// Opens an uploaded label file as a collection. It appears in `data/<model>/`, so its relative paths point to files there.
import path from "node:path";
import type { Readable } from "node:stream";
import { type Collection, openMemory, overlay } from "@sluice/labels/format/collection.ts";
import { SluiceError } from "../error/error.ts";
import { openBucket } from "./bucket.ts";
import { dataPrefix } from "./files.ts";
import { unpackArchive, unzip } from "./unpack.ts";

interface LabelFile {
  collection: Collection;
  /** The name that a problem states for a file of the collection. */
  locationOf(file: string): string;
}

export async function openLabelFile(bucketName: string, key: string, model: string): Promise<LabelFile> {
  const bucket = openBucket(bucketName, "");
  const prefix = dataPrefix(model);
  // Images are looked up in the whole bucket.
  const inBucket = (labels: Collection) => ({ ...overlay(labels, bucket), name: key, base: bucket.name });
  if (/\.(tar\.gz|tgz)$/i.test(key)) {
    const unpacked = await unpackArchive((await openStream(bucket, key)) as Readable, key);
    const files = new Map([...unpacked].map(([name, bytes]) => [prefix + name, bytes]));
    return {
      collection: inBucket(openMemory(key, files)),
      locationOf: (file) => (files.has(file) ? `${key}/${file.slice(prefix.length)}` : file),
    };
  }
  const name = prefix + path.posix.basename(key).replace(/\.gz$/i, "");
  return {
    collection: inBucket(singleFile(bucket, key, name)),
    locationOf: (file) => (file === name ? key : file),
  };
}

/** One object under another name, unzipped if its key ends in `.gz`. */
function singleFile(bucket: Collection, key: string, name: string): Collection {
  const open = async () => {
    const bytes = await openStream(bucket, key);
    return /\.gz$/i.test(key) ? unzip(bytes as Readable, key) : bytes;
  };
  return {
    name: key,
    async *list() {
      yield { path: name, size: 0 };
    },
    async read(file, limit = Infinity) {
      if (file !== name) return undefined;
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of await open()) {
        chunks.push(chunk);
        length += chunk.byteLength;
        if (length >= limit) break;
      }
      return Buffer.concat(chunks).subarray(0, Math.min(limit, length));
    },
    stream: async (file) => (file === name ? open() : undefined),
    has: async (file) => file === name,
  };
}

async function openStream(bucket: Collection, key: string): Promise<AsyncIterable<Uint8Array>> {
  const bytes = await bucket.stream(key);
  if (bytes) return bytes;
  throw new SluiceError("OBJECT_GONE", `${key} was deleted before it was read.`, { details: { key } });
}
