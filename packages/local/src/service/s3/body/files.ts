// Object bodies: immutable files, named by no key. A body is complete on disk before a row names it, so a crash leaves
// at worst a file nobody names, which the next start sweeps away.
import { randomUUID } from "node:crypto";
import { createReadStream, mkdirSync, readdirSync, statSync } from "node:fs";
import { link, rm } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import type { Disk } from "../../../kernel/disk.ts";
import { damagedBody } from "../errors.ts";
import { GATHER_BYTES, openWriter } from "./writer.ts";

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
  /** Whether there were any when this run began. */
  found: boolean;
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

export function openBodies(dir: string, disk: Disk): Bodies {
  const folder = path.join(dir, "bodies");
  const incoming = path.join(dir, "incoming");
  const refuse = (error: unknown): never => {
    throw disk.refusal(error, folder);
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
    found: stored.length > 0,
    async create() {
      const file = randomUUID();
      const write = await openWriter(path.join(incoming, file), pathOf(file)).catch(refuse);
      return {
        write: (bytes) => write.write(bytes).catch(refuse),
        async finish() {
          const size = await write.finish().catch(refuse);
          disk.written();
          return { file, size };
        },
        abandon: write.abandon,
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
        await link(pathOf(file), pathOf(name)).catch(refuse);
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
      for (const file of orphans) await rm(file, { force: true }).catch(refuse);
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
