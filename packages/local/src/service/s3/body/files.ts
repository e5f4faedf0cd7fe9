// Object bodies: immutable files with random names. A body is complete on disk before a row references it: a crash leaves
// at worst an unreferenced file, which the next start deletes.
import { randomUUID } from "node:crypto";
import { createReadStream, mkdirSync, readdirSync, statSync } from "node:fs";
import { link, rm } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import type { Disk } from "../../../kernel/disk.ts";
import { damagedBody } from "../errors.ts";
import { GATHER_BYTES, openWriter } from "./writer.ts";

/** A body is one file, or several in order after a multipart upload. */
export interface BodyFile {
  file: string;
  size: number;
}

export type Bodies = ReturnType<typeof openBodies>;

export function openBodies(dir: string, disk: Disk) {
  const folder = path.join(dir, "bodies");
  const incoming = path.join(dir, "incoming");
  const refuse = (error: unknown): never => {
    throw disk.reportError(error, folder);
  };
  try {
    mkdirSync(incoming, { recursive: true });
    for (let shard = 0; shard < 256; shard++)
      mkdirSync(path.join(folder, shard.toString(16).padStart(2, "0")), { recursive: true });
  } catch (error) {
    refuse(error);
  }
  const pathOf = (file: string) => path.join(folder, file.slice(0, 2), file);
  const stored = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const leftovers = [...readdirSync(incoming).map((file) => path.join(incoming, file)), ...stored];

  const readers = new Map<string, number>();
  const pendingRemoval = new Set<string>();
  const removals = new Set<Promise<void>>();
  const unlink = (file: string) => {
    const removal = rm(pathOf(file), { force: true }).catch(() => {});
    removals.add(removal);
    void removal.finally(() => removals.delete(removal));
  };
  const release = (file: string) => {
    const left = readers.get(file)! - 1;
    if (left > 0) return void readers.set(file, left);
    readers.delete(file);
    if (pendingRemoval.delete(file)) unlink(file);
  };

  return {
    /** Whether any file existed when this run began. */
    hasFiles: stored.length > 0,
    async create() {
      const file = randomUUID();
      const write = await openWriter(path.join(incoming, file), pathOf(file)).catch(refuse);
      return {
        write: (bytes: Uint8Array) => write.write(bytes).catch(refuse),
        async finish(): Promise<BodyFile> {
          const size = await write.finish().catch(refuse);
          disk.reportWrite();
          return { file, size };
        },
        abandon: write.abandon,
      };
    },
    /**
     * Streams the bytes from `start` up to `end` (exclusive). Removal of the files waits for the stream. Throws when a
     * file has not its recorded size; the stream fails when a file shrinks while it is read.
     */
    read(files: BodyFile[], start: number, end: number) {
      const spans = fileSpans(files, start, end);
      for (const { file } of spans) checkSize(pathOf(file.file), file.size);
      const names = files.map((file) => file.file);
      for (const name of names) readers.set(name, (readers.get(name) ?? 0) + 1);
      const stream = Readable.from(readSpans(spans, pathOf), {
        objectMode: false,
        highWaterMark: GATHER_BYTES,
      });
      stream.once("close", () => names.forEach(release));
      return stream;
    },
    /** Hard-links the files under new names, without copying bytes. */
    async share(files: BodyFile[]) {
      const shared: BodyFile[] = [];
      for (const { file, size } of files) {
        checkSize(pathOf(file), size);
        const name = randomUUID();
        await link(pathOf(file), pathOf(name)).catch(refuse);
        shared.push({ file: name, size });
      }
      return shared;
    },
    remove(files: BodyFile[]) {
      for (const { file } of files) {
        if (readers.has(file)) pendingRemoval.add(file);
        else unlink(file);
      }
    },
    /** Deletes files of earlier runs that no row references. Returns how many. */
    async sweep(referenced: Set<string>) {
      const orphans = leftovers.splice(0).filter((file) => !referenced.has(path.basename(file)));
      for (const file of orphans) await rm(file, { force: true }).catch(refuse);
      return orphans.length;
    },
    /** Resolves when no file is being deleted. */
    async whenIdle() {
      await Promise.all(removals);
    },
  };
}

interface FileSpan {
  file: BodyFile;
  /** Within the file; `to` is exclusive. */
  from: number;
  to: number;
}

function fileSpans(files: BodyFile[], start: number, end: number): FileSpan[] {
  let offset = 0;
  return files.flatMap((file) => {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, file.size);
    offset += file.size;
    return from < to ? [{ file, from, to }] : [];
  });
}

async function* readSpans(spans: FileSpan[], pathOf: (file: string) => string) {
  for (const { file, from, to } of spans) {
    const path = pathOf(file.file);
    let read = 0;
    for await (const bytes of createReadStream(path, {
      start: from,
      end: to - 1,
      highWaterMark: GATHER_BYTES / 2,
    })) {
      read += bytes.length;
      yield bytes;
    }
    // The client has received a larger Content-Length and would wait for the rest.
    if (read < to - from) throw damagedBody(path, from + read, file.size);
  }
}

/** Runs before the first byte is sent: afterwards the only way to report an error is to break the connection. */
function checkSize(file: string, size: number) {
  const found = statSync(file, { throwIfNoEntry: false })?.size;
  if (found !== size) throw damagedBody(file, found, size);
}
