// Object bodies: immutable files, named by no key. A body is complete on disk before a row names it, so a crash leaves
// at worst a file nobody names, which the next start sweeps away.
import { randomUUID } from "node:crypto";
import { createReadStream, mkdirSync, readdirSync, statSync } from "node:fs";
import { link, open, rename, rm, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { damagedBody } from "../errors.ts";

/** A body is one file, or several in order when it came in parts. */
export interface Piece {
  file: string;
  size: number;
}

export interface BodyWriter {
  write(bytes: Uint8Array): Promise<void>;
  finish(): Promise<Piece>;
  abandon(): Promise<void>;
}

export interface Bodies {
  create(): Promise<BodyWriter>;
  /**
   * The bytes from `start` to before `end`. The files stay until the stream is done, even when removed meanwhile. Throws
   * when a file's size is not its piece's; the stream fails when a file becomes shorter on the way.
   */
  read(pieces: Piece[], start: number, end: number): Readable;
  /** The same bytes under names of their own, without copying them. */
  share(pieces: Piece[]): Promise<Piece[]>;
  remove(pieces: Piece[]): void;
  /** Deletes what an earlier run left behind and `isNamed` does not know. */
  sweep(named: Set<string>): Promise<number>;
  /** Resolves when no removal is under way. */
  settled(): Promise<void>;
}

// Small writes are gathered: a system call per 64 KB socket chunk would halve the throughput.
const GATHER_BYTES = 1024 * 1024;

export function openBodies(dir: string): Bodies {
  const folder = path.join(dir, "bodies");
  const incoming = path.join(dir, "incoming");
  mkdirSync(incoming, { recursive: true });
  for (let shard = 0; shard < 256; shard++)
    mkdirSync(path.join(folder, shard.toString(16).padStart(2, "0")), { recursive: true });
  const pathOf = (file: string) => path.join(folder, file.slice(0, 2), file);
  const leftovers = [
    ...readdirSync(incoming).map((file) => path.join(incoming, file)),
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name)),
  ];

  const readers = new Map<string, number>();
  const doomed = new Set<string>();
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
    if (doomed.delete(file)) unlink(file);
  };

  return {
    async create() {
      const file = randomUUID();
      const temporary = path.join(incoming, file);
      const handle = await open(temporary, "wx");
      let size = 0;
      let gathered: Uint8Array[] = [];
      let gatheredBytes = 0;
      // One write in flight while the next bytes arrive and are hashed.
      let writing: Promise<unknown> = Promise.resolve();
      const flush = async () => {
        await writing;
        const batch = gathered;
        gathered = [];
        gatheredBytes = 0;
        if (batch.length > 0) {
          writing = writeAll(handle, batch);
          // Awaited by the next flush; without this an early failure would count as unhandled.
          writing.catch(() => {});
        }
      };
      return {
        async write(bytes) {
          size += bytes.length;
          gathered.push(bytes);
          gatheredBytes += bytes.length;
          if (gatheredBytes >= GATHER_BYTES) await flush();
        },
        async finish() {
          await flush();
          await writing;
          await handle.sync();
          await handle.close();
          await rename(temporary, pathOf(file));
          await syncFolder(path.dirname(pathOf(file)));
          return { file, size };
        },
        async abandon() {
          await writing.catch(() => {});
          await handle.close().catch(() => {});
          await rm(temporary, { force: true });
        },
      };
    },
    read(pieces, start, end) {
      const spans = spansOf(pieces, start, end);
      for (const { piece } of spans) checkSize(pathOf(piece.file), piece.size);
      const held = pieces.map((piece) => piece.file);
      for (const file of held) readers.set(file, (readers.get(file) ?? 0) + 1);
      const stream = Readable.from(readSpans(spans, pathOf), {
        objectMode: false,
        highWaterMark: GATHER_BYTES,
      });
      stream.once("close", () => held.forEach(release));
      return stream;
    },
    async share(pieces) {
      const shared: Piece[] = [];
      for (const { file, size } of pieces) {
        checkSize(pathOf(file), size);
        const name = randomUUID();
        await link(pathOf(file), pathOf(name));
        shared.push({ file: name, size });
      }
      return shared;
    },
    remove(pieces) {
      for (const { file } of pieces) {
        if (readers.has(file)) doomed.add(file);
        else unlink(file);
      }
    },
    async sweep(named) {
      const orphans = leftovers.splice(0).filter((file) => !named.has(path.basename(file)));
      for (const file of orphans) await rm(file, { force: true });
      return orphans.length;
    },
    async settled() {
      await Promise.all(removals);
    },
  };
}

interface Span {
  piece: Piece;
  /** Within the piece; `to` is exclusive. */
  from: number;
  to: number;
}

function spansOf(pieces: Piece[], start: number, end: number): Span[] {
  let offset = 0;
  return pieces.flatMap((piece) => {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, piece.size);
    offset += piece.size;
    return from < to ? [{ piece, from, to }] : [];
  });
}

async function* readSpans(spans: Span[], pathOf: (file: string) => string) {
  for (const { piece, from, to } of spans) {
    const file = pathOf(piece.file);
    let read = 0;
    for await (const bytes of createReadStream(file, {
      start: from,
      end: to - 1,
      highWaterMark: GATHER_BYTES / 2,
    })) {
      read += bytes.length;
      yield bytes;
    }
    // A client that was promised more bytes would wait for them.
    if (read < to - from) throw damagedBody(file, from + read, piece.size);
  }
}

/** Before the first byte is sent: afterwards a broken connection is all that can be said. */
function checkSize(file: string, size: number) {
  const found = statSync(file, { throwIfNoEntry: false })?.size;
  if (found !== size) throw damagedBody(file, found, size);
}

async function writeAll(handle: FileHandle, batch: Uint8Array[]) {
  const size = batch.reduce((sum, bytes) => sum + bytes.length, 0);
  const { bytesWritten } = await handle.writev(batch);
  if (bytesWritten === size) return;
  // A short write is rare enough to pay for a copy.
  let rest = Buffer.concat(batch).subarray(bytesWritten);
  while (rest.length > 0) rest = rest.subarray((await handle.write(rest)).bytesWritten);
}

/** A rename is on disk only once its folder is. */
async function syncFolder(folder: string) {
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}
