// Writes a new folder, renamed into place when complete. Text of many files arrives interleaved, so it is buffered.
import { createWriteStream } from "node:fs";
import { appendFile, mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { safePath } from "@sluice/labels/format/path.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { NOTHING_WRITTEN, onInterrupt } from "../terminal/interrupt.ts";

const BUFFER_CHARACTERS = 1_048_576;
const CONCURRENT_COPIES = 8;

export async function checkFolderEmpty(
  folder: string,
  hint = "Pass a new folder. Existing files are never overwritten.",
): Promise<void> {
  const present = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    // A file must not be replaced by a folder.
    return error.code === "ENOENT" ? [] : [folder];
  });
  if (present.length > 0)
    throw new Failure("FOLDER_NOT_EMPTY", `${folder} is not an empty folder.`, {
      exit: EXIT.usage,
      hint,
    });
}

/** The name of a folder until it is complete. */
export const partialFolder = (folder: string) => `${path.resolve(folder)}.part`;

export async function publishFolder(part: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await rename(part, folder);
}

export async function createOutputFolder(folder: string) {
  await checkFolderEmpty(folder);
  const part = partialFolder(folder);
  const release = onInterrupt(() => NOTHING_WRITTEN, part);
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  const created = new Set<string>();
  const prepareFile = async (file: string) => {
    const safe = safePath(file);
    if (safe === undefined)
      throw new Failure("PATH_UNSAFE", `${file} is outside ${folder}.`, {
        hint: "Correct its path in the labels.",
      });
    const target = path.join(part, safe);
    const parent = path.dirname(target);
    if (!created.has(parent)) await mkdir(parent, { recursive: true });
    created.add(parent);
    return target;
  };
  const texts = new Map<string, string>();
  let buffered = 0;
  const flush = async () => {
    for (const [file, text] of texts) await appendFile(await prepareFile(file), text);
    texts.clear();
    buffered = 0;
  };
  const copies = new Set<Promise<void>>();
  return {
    async appendText(file: string, text: string) {
      texts.set(file, (texts.get(file) ?? "") + text);
      buffered += text.length;
      if (buffered > BUFFER_CHARACTERS) await flush();
    },
    async copyFile(file: string, bytes: AsyncIterable<Uint8Array>) {
      const copying: Promise<void> = pipeline(
        Readable.from(bytes),
        createWriteStream(await prepareFile(file)),
      );
      copies.add(copying);
      // A failed copy is reported when it is awaited.
      copying.then(
        () => copies.delete(copying),
        () => {},
      );
      if (copies.size >= CONCURRENT_COPIES) await Promise.race(copies);
    },
    async publish() {
      await Promise.all(copies);
      await flush();
      await publishFolder(part, folder);
      release();
    },
    async abandon() {
      await Promise.allSettled(copies);
      await rm(part, { recursive: true, force: true });
      release();
    },
  };
}
