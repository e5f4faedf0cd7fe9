// An interrupted job (a reclaimed spot instance) resumes from its last checkpoint: a line of JSON, then the numbers. The file is
// renamed into place when it is complete.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { FitState } from "./head/fit.ts";
import type { Head, Matrix } from "./head/head.ts";
import type { Settings } from "./settings.ts";

const FILE = "probe.checkpoint";
const EVERY = 5;

export type Checkpoints = ReturnType<typeof checkpoints>;

/** `fingerprint` identifies the training: its state fits no other. */
export function checkpoints(dir: string, fingerprint: string, log: (line: string) => void) {
  const file = path.join(dir, FILE);
  return {
    /** Undefined without a checkpoint of this training. */
    async read(): Promise<FitState | undefined> {
      if (!existsSync(file)) return undefined;
      try {
        return decode(await readFile(file), fingerprint);
      } catch (error) {
        log(`The checkpoint is ignored: ${(error as Error).message}`);
        return undefined;
      }
    },
    /** Writes every few epochs, and always when `last`. */
    async write(state: FitState, last: boolean) {
      if (!last && state.history.length % EVERY !== 0) return;
      await mkdir(dir, { recursive: true });
      await writeFile(`${file}.part`, encode(state, fingerprint));
      await rename(`${file}.part`, file);
    },
  };
}

/** Without epochs and patience: a higher value resumes the training. */
export function createFingerprint(settings: Settings, classes: string[], train: Matrix): string {
  const { epochs: _, patience: __, ...rest } = settings;
  const hash = createHash("sha256").update(JSON.stringify([rest, classes, train.columns, train.labels]));
  const { buffer, byteOffset, byteLength } = train.values;
  return hash.update(new Uint8Array(buffer, byteOffset, byteLength)).digest("hex");
}

const arraysOf = ({ head, mean, first, best }: FitState) => [
  head.weights,
  head.bias,
  mean.weights,
  mean.bias,
  first,
  best.head.weights,
  best.head.bias,
];

function encode(state: FitState, fingerprint: string): Buffer {
  const { history, step, second, stale, highest, head, best } = state;
  const { classes, columns } = head;
  const header = { fingerprint, history, step, second, stale, highest, classes, columns, best: best.report };
  const blocks = arraysOf(state).map((block) =>
    Buffer.from(block.buffer, block.byteOffset, block.byteLength),
  );
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...blocks]);
}

function decode(bytes: Buffer, fingerprint: string): FitState {
  const end = bytes.indexOf("\n");
  const header = JSON.parse(bytes.subarray(0, end).toString()) as Pick<
    FitState,
    "history" | "step" | "second" | "stale" | "highest"
  > & { fingerprint: string; classes: number; columns: number; best: FitState["best"]["report"] };
  if (header.fingerprint !== fingerprint)
    throw new Error("it belongs to other data or other hyperparameters.");
  const { classes, columns, history, step, second, stale, highest } = header;
  let at = end + 1;
  const block = (length: number) => {
    const from = at;
    at += length * 4;
    if (at > bytes.length) throw new Error("it is incomplete.");
    // Copied: floats must be aligned to four bytes.
    return new Float32Array(new Uint8Array(bytes.subarray(from, at)).buffer);
  };
  const head = (): Head => ({ classes, columns, weights: block(classes * columns), bias: block(classes) });
  return {
    history,
    step,
    stale,
    highest,
    head: head(),
    mean: head(),
    first: block(classes * (columns + 1)),
    second,
    best: { head: head(), report: header.best },
  };
}
