// A temporary file of lines. The second pass reads the lines of the first, even if the table changes meanwhile.
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { readLines } from "@sluice/labels/format/lines.ts";

/** Characters of one write or read. */
const blockLength = 262_144;

export type TempLines = Awaited<ReturnType<typeof createTempLines>>;

export async function createTempLines() {
  const folder = await mkdtemp(path.join(tmpdir(), "dataset-"));
  const file = path.join(folder, "lines");
  const out = createWriteStream(file);
  let failure: Error | undefined;
  out.on("error", (error) => (failure = error));
  let block = "";
  const flush = async () => {
    if (failure) throw failure;
    const isFull = !out.write(block);
    block = "";
    if (isFull) await once(out, "drain");
  };
  return {
    async write(line: string) {
      block += `${line}\n`;
      if (block.length >= blockLength) await flush();
    },
    /** All lines, in order. Ends the writing. */
    async *read() {
      await flush();
      out.end();
      await once(out, "finish");
      const bytes = createReadStream(file, { highWaterMark: blockLength });
      for await (const { text } of readLines(bytes)) yield text;
    },
    async remove() {
      out.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
