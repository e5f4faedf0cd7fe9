// Writes one body to a temporary file, and renames it when it is complete.
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import path from "node:path";

// Small writes are collected: a system call per 64 KB chunk would halve the throughput.
export const GATHER_BYTES = 1024 * 1024;

export async function openWriter(temporary: string, target: string) {
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
      // The next flush awaits it. Without this, an early failure would be an unhandled rejection.
      writing.catch(() => {});
    }
  };
  return {
    async write(bytes: Uint8Array) {
      size += bytes.length;
      gathered.push(bytes);
      gatheredBytes += bytes.length;
      if (gatheredBytes >= GATHER_BYTES) await flush();
    },
    /** Resolves to the size. */
    async finish() {
      await flush();
      await writing;
      await handle.sync();
      await handle.close();
      await rename(temporary, target);
      await syncFolder(path.dirname(target));
      return size;
    },
    async abandon() {
      await writing.catch(() => {});
      await handle.close().catch(() => {});
      for (const file of [temporary, target]) await rm(file, { force: true }).catch(() => {});
    },
  };
}

async function writeAll(handle: FileHandle, batch: Uint8Array[]) {
  const size = batch.reduce((sum, bytes) => sum + bytes.length, 0);
  const { bytesWritten } = await handle.writev(batch);
  if (bytesWritten === size) return;
  // Short writes are rare: a copy is acceptable.
  let rest = Buffer.concat(batch).subarray(bytesWritten);
  while (rest.length > 0) rest = rest.subarray((await handle.write(rest)).bytesWritten);
}

/** A rename is durable only after its folder was synced. */
async function syncFolder(folder: string) {
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}
