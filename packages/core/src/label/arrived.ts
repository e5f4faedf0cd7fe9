// A label file as it arrived, as a collection: it stands where the model's files lie, so that paths in it mean those.
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Parser, type ReadEntry } from "tar";
import { dataPrefix } from "./files.ts";
import { bucket as bucketOf } from "./bucket.ts";
import { type Collection, labelsFor, memory } from "@sluice/labels/format/collection.ts";
import { safePath } from "@sluice/labels/format/path.ts";
import { SluiceError } from "../error/error.ts";

/** Label files inside an archive are held in memory while they are read. */
const mostBytes = 300 * 1_024 ** 2;
const mostEntries = 500_000;
/** One file is read as a stream; this bounds the time that a bomb can take. */
const mostUnzipped = 4 * 1_024 ** 3;

interface Arrived {
  collection: Collection;
  /** Where a problem is, in the words of whoever sent the label file. */
  place(file: string): string;
}

export async function arrived(bucket: string, key: string, model: string): Promise<Arrived> {
  const whole = bucketOf(bucket, "");
  const prefix = dataPrefix(model);
  const found = (labels: Collection, place: Arrived["place"]) => ({
    // Pictures' sizes, and whether a file is there, are looked up in the whole bucket.
    collection: { ...labelsFor(labels, whole), name: key, base: whole.name },
    place,
  });
  if (/\.(tar\.gz|tgz)$/i.test(key)) {
    const files = await unpacked((await stream(whole, key)) as Readable, key, prefix);
    return found(memory(key, files), (file) =>
      files.has(file) ? `${key}/${file.slice(prefix.length)}` : file,
    );
  }
  const name = prefix + path.posix.basename(key).replace(/\.gz$/i, "");
  return found(alone(whole, key, name), (file) => (file === name ? key : file));
}

/** One object under another name, unzipped on its way where it ends in `.gz`. */
function alone(files: Collection, key: string, name: string): Collection {
  const open = async () => {
    const bytes = await stream(files, key);
    return /\.gz$/i.test(key) ? unzipped(bytes as Readable, key) : bytes;
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

async function* unzipped(bytes: Readable, key: string): AsyncGenerator<Uint8Array> {
  const unreadable = (why: string, cause?: unknown) =>
    new SluiceError("LABELS_UNREADABLE", `${key} ${why}.`, { cause, details: { key } });
  const gunzip = createGunzip();
  let read = 0;
  // What fails while it is fetched must reach the reader too: it is tried again, where a broken file is not.
  bytes.once("error", (error) => gunzip.destroy(error));
  try {
    for await (const part of bytes.pipe(gunzip) as AsyncIterable<Uint8Array>) {
      read += part.byteLength;
      if (read > mostUnzipped) throw unreadable(`unpacks to more than ${mostUnzipped} bytes`);
      yield part;
    }
  } catch (error) {
    const { code } = error as { code?: string };
    throw code?.startsWith("Z_") ? unreadable("is no whole gzip file", error) : error;
  } finally {
    bytes.destroy();
  }
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
