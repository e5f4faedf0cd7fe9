// Unpacks label files: `.gz` as a stream, `.tar.gz` into memory. Limits protect against decompression bombs.
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Parser, type ReadEntry } from "tar";
import { safePath } from "@sluice/labels/format/path.ts";
import { SluiceError } from "../error/error.ts";

/** An archive is held in memory. */
const maxArchiveBytes = 300 * 1_024 ** 2;
const maxArchiveEntries = 500_000;
const maxFileBytes = 4 * 1_024 ** 3;

const unreadable = (key: string, reason: string, cause?: unknown) =>
  new SluiceError("LABELS_UNREADABLE", `${key} ${reason}.`, { cause, details: { key } });

export async function* unzip(bytes: Readable, key: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  let length = 0;
  // `pipe` does not forward a storage error, which is retried; a broken file is not.
  bytes.once("error", (error) => gunzip.destroy(error));
  try {
    for await (const chunk of bytes.pipe(gunzip) as AsyncIterable<Uint8Array>) {
      length += chunk.byteLength;
      if (length > maxFileBytes) throw unreadable(key, `unpacks to more than ${maxFileBytes} bytes`);
      yield chunk;
    }
  } catch (error) {
    const { code } = error as { code?: string };
    throw code?.startsWith("Z_") ? unreadable(key, "is not a complete gzip file", error) : error;
  } finally {
    bytes.destroy();
  }
}

/** The files of a `.tar.gz` by their paths. */
export async function unpackArchive(archive: Readable, key: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  let [bytes, entries] = [0, 0];
  let problem: SluiceError | undefined;
  const refuse = (reason: string, cause?: unknown) => void (problem ??= unreadable(key, reason, cause));
  const parser = new Parser({
    strict: true,
    onReadEntry(entry: ReadEntry) {
      const name = safePath(entry.path);
      entries += 1;
      if (entries > maxArchiveEntries) refuse(`contains more than ${maxArchiveEntries} entries`);
      // macOS adds `._` and `__MACOSX` files.
      if (entry.type !== "File" || name === undefined || /(^|\/)\._|__MACOSX/.test(name)) {
        entry.resume();
        return;
      }
      const chunks: Buffer[] = [];
      entry.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxArchiveBytes) refuse(`unpacks to more than ${maxArchiveBytes} bytes`);
        else chunks.push(chunk);
      });
      entry.on("end", () => files.set(name, Buffer.concat(chunks)));
    },
  });
  parser.on("error", (error: unknown) => refuse("is not a complete tar.gz archive", error));
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
    refuse("is not a complete tar.gz archive", error);
  }
  if (problem) throw problem;
  return files;
}
