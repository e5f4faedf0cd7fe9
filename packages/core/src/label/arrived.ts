// A label file as it arrived, as a collection: it stands where the model's files lie, so that paths in it mean those.
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Parser, type ReadEntry } from "tar";
import { dataPrefix } from "../dataset/files.ts";
import { bucket as bucketOf } from "../dataset/format/bucket.ts";
import { type Collection, labelsFor, memory } from "../dataset/format/collection.ts";
import { safePath } from "../dataset/format/path.ts";
import { SluiceError } from "../error/error.ts";

/** Label files inside an archive are held in memory while they are read. */
const mostBytes = 300 * 1_024 ** 2;
const mostEntries = 500_000;

export async function arrived(bucket: string, key: string, model: string): Promise<Collection> {
  const whole = bucketOf(bucket, "");
  const labels = /\.(tar\.gz|tgz)$/i.test(key)
    ? memory(key, await unpacked((await stream(whole, key)) as Readable, key, dataPrefix(model)))
    : alone(whole, key, dataPrefix(model) + path.posix.basename(key).replace(/\.gz$/i, ""));
  // Pictures' sizes, and whether a file is there, are looked up in the whole bucket.
  return { ...labelsFor(labels, whole), name: whole.name };
}

/** One object under another name, unzipped on its way where it ends in `.gz`. */
function alone(files: Collection, key: string, name: string): Collection {
  const open = async () => {
    const bytes = await stream(files, key);
    return /\.gz$/i.test(key) ? (bytes as Readable).pipe(createGunzip()) : bytes;
  };
  return {
    name: key,
    async *list() {
      yield { path: name, size: 0 };
    },
    async read(wanted, limit = Infinity) {
      if (wanted !== name) return undefined;
      const parts: Uint8Array[] = [];
      let length = 0;
      for await (const part of await open()) {
        parts.push(part);
        length += part.byteLength;
        if (length >= limit) break;
      }
      return Buffer.concat(parts).subarray(0, Math.min(limit, length));
    },
    stream: async (wanted) => (wanted === name ? open() : undefined),
    has: async (wanted) => wanted === name,
  };
}

async function stream(files: Collection, key: string): Promise<AsyncIterable<Uint8Array>> {
  const bytes = await files.stream(key);
  if (bytes) return bytes;
  throw new SluiceError("OBJECT_GONE", `${key} was deleted before it was read.`, { details: { key } });
}

async function unpacked(archive: Readable, key: string, prefix: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  let [bytes, entries] = [0, 0];
  let problem: SluiceError | undefined;
  const refuse = (why: string, cause?: unknown) =>
    void (problem ??= new SluiceError("LABELS_UNREADABLE", `${key} ${why}.`, { cause, details: { key } }));
  const parser = new Parser({
    strict: true,
    onReadEntry(entry: ReadEntry) {
      const name = safePath(entry.path);
      entries += 1;
      if (entries > mostEntries) refuse(`holds more than ${mostEntries} entries`);
      // Links and devices say nothing; macOS adds shadows of files.
      if (entry.type !== "File" || name === undefined || /(^|\/)\._|__MACOSX/.test(name)) {
        entry.resume();
        return;
      }
      const parts: Buffer[] = [];
      entry.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > mostBytes) refuse(`unpacks to more than ${mostBytes} bytes`);
        else parts.push(chunk);
      });
      entry.on("end", () => files.set(prefix + name, Buffer.concat(parts)));
    },
  });
  parser.on("error", (error: unknown) => refuse("is no whole tar.gz archive", error));
  try {
    await pipeline(archive, createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        if (!parser.write(chunk)) await new Promise((resolve) => parser.once("drain", resolve));
        if (problem) throw problem;
      }
      const ended = new Promise<void>((resolve) => parser.once("end", resolve));
      parser.end();
      await ended;
    });
  } catch (error) {
    refuse("is no whole tar.gz archive", error);
  }
  if (problem) throw problem;
  return files;
}
