// Lines on disk between two passes: what the first has read, the second writes, though the table went on changing.
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import path from "node:path";
import { lines } from "@sluice/labels/format/lines.ts";

/** Small writes and reads are gathered to this many characters. */
const blockLength = 262_144;

export interface Spool {
  write(line: string): Promise<void>;
  /** Every line, in order. */
  read(): AsyncGenerator<string>;
  remove(): Promise<void>;
}

export async function spool(): Promise<Spool> {
  const folder = await mkdtemp(path.join(tmpdir(), "dataset-"));
  const file = path.join(folder, "lines");
  const out = createWriteStream(file);
  let failure: Error | undefined;
  out.on("error", (error) => (failure = error));
  let block = "";
  const flush = async () => {
    if (failure) throw failure;
    const full = !out.write(block);
    block = "";
    if (full) await once(out, "drain");
  };
  return {
    async write(line) {
      block += `${line}\n`;
      if (block.length >= blockLength) await flush();
    },
    async *read() {
      await flush();
      out.end();
      await once(out, "finish");
      for await (const { text } of lines(createReadStream(file, { highWaterMark: blockLength }))) yield text;
    },
    async remove() {
      out.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
