// A new folder, under its own name only when whole. Pieces of many files come mixed; they are gathered before they are written.
import { createWriteStream } from "node:fs";
import { appendFile, mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { safePath } from "@sluice/labels/format/path.ts";
import { EXIT, Failure } from "../../failure.ts";
import { NOTHING_WRITTEN, onInterrupt } from "../../interrupt.ts";

/** Characters gathered before they are written. */
const GATHERED = 1_048_576;
/** Files copied at once. */
const LANES = 8;

export async function demandEmpty(folder: string): Promise<void> {
  const present = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    // What is there and is no folder would be replaced by one.
    return error.code === "ENOENT" ? [] : [folder];
  });
  if (present.length > 0)
    throw new Failure("FOLDER_NOT_EMPTY", `${folder} is no empty folder.`, {
      exit: EXIT.usage,
      hint: "Name a new folder: nothing is ever overwritten.",
    });
}

/** Where a folder grows. */
export const partOf = (folder: string) => `${path.resolve(folder)}.part`;

export async function putInPlace(part: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await rename(part, folder);
}

export async function outputFolder(folder: string) {
  await demandEmpty(folder);
  const part = partOf(folder);
  const over = onInterrupt(() => NOTHING_WRITTEN, part);
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  const made = new Set<string>();
  const place = async (file: string) => {
    const safe = safePath(file);
    if (safe === undefined) throw new Failure("PATH_UNSAFE", `${file} would lie outside ${folder}.`);
    const at = path.join(part, safe);
    const above = path.dirname(at);
    if (!made.has(above)) await mkdir(above, { recursive: true });
    made.add(above);
    return at;
  };
  const texts = new Map<string, string>();
  let gathered = 0;
  const flush = async () => {
    for (const [file, text] of texts) await appendFile(await place(file), text);
    texts.clear();
    gathered = 0;
  };
  const copies = new Set<Promise<void>>();
  return {
    async text(file: string, text: string) {
      texts.set(file, (texts.get(file) ?? "") + text);
      gathered += text.length;
      if (gathered > GATHERED) await flush();
    },
    async copy(file: string, bytes: AsyncIterable<Uint8Array>) {
      const copying: Promise<void> = pipeline(Readable.from(bytes), createWriteStream(await place(file)));
      copies.add(copying);
      // A failed copy shows when it is awaited.
      copying.then(
        () => copies.delete(copying),
        () => {},
      );
      if (copies.size >= LANES) await Promise.race(copies);
    },
    async done() {
      await Promise.all(copies);
      await flush();
      await putInPlace(part, folder);
      over();
    },
    async abandon() {
      await Promise.allSettled(copies);
      await rm(part, { recursive: true, force: true });
      over();
    },
  };
}
