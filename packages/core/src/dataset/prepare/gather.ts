// The first pass: every label with what is known of its file, kept as numbers in memory and as lines on disk.
import { createHash } from "node:crypto";
import type { Declared } from "../../model/model.ts";
import type { ImportProblem } from "../../label/import.ts";
import { misfit } from "../../label/misfit.ts";
import type { DatasetOptions } from "../dataset.ts";
import { type Fingerprints, fingerprints } from "@sluice/labels/inspect/near.ts";
import type { Line } from "../line.ts";
import type { Size } from "@sluice/labels/format/labelled.ts";
import { columns, type Columns } from "../split/columns.ts";
import { drawn } from "@sluice/labels/validate/box.ts";
import type { Spool } from "./spool.ts";

/** How many problems a report names; the rest are counted. */
const named = 1_000;

export interface Found extends Line {
  looks?: string;
  takenAt?: number;
  /** The picture's size as its label has it. */
  stated?: Size;
  /** Why the file cannot be used. */
  problem?: Pick<ImportProblem, "code" | "message" | "fix">;
}

export interface Gathered {
  items: Columns;
  prints: Fingerprints;
  /** By the class's number: items that were labelled, boxes in them, and items whose file cannot be used. */
  labelled: Uint32Array;
  boxes: Uint32Array;
  unusable: Uint32Array;
  /** Bit i: item i is an object, not a text in its line. */
  objects: Uint8Array;
  problems: ImportProblem[];
  problemCounts: Map<string, number>;
  digest: string;
}

export function gatherer(model: Declared, options: DatasetOptions, spool: Spool) {
  const { classes, task, name } = model;
  const numbers = new Map(classes.map((one, at) => [one, at]));
  const gathered = columns(options.seed);
  const prints = fingerprints();
  const counters = () => new Uint32Array(classes.length);
  const [labelled, boxes, unusable] = [counters(), counters(), counters()];
  const problems: ImportProblem[] = [];
  const problemCounts = new Map<string, number>();
  const inline: number[] = [];
  const digest = createHash("sha256");
  digest.update(JSON.stringify([1, name, task, classes, ordered(options)]));

  return {
    async add({ looks, takenAt, stated, problem, ...line }: Found): Promise<void> {
      const wrong = misfit(model, line);
      if (wrong) {
        const fix = "Label it anew, or add the class to the model's declaration.";
        note({ code: wrong.code, file: line.file, message: `${line.file}: ${wrong.message}.`, fix });
        return;
      }
      const shown = line.boxes?.map((box) => box.class) ?? [line.label!];
      const mine = [...new Set(shown)].map((one) => numbers.get(one)!);
      for (const one of mine) labelled[one]! += 1;
      for (const box of line.boxes ?? []) boxes[numbers.get(box.class)!]! += 1;
      const { boxes: inside, useless = problem } = drawn({ ...line, picture: line, stated });
      if (useless) {
        for (const one of mine) unusable[one]! += 1;
        note({ ...useless, file: line.file });
        return;
      }
      if (line.text !== undefined) inline.push(gathered.count);
      gathered.add({ key: line.file, classes: mine });
      prints.add({ sha256: line.hash, hash: looks, file: line.file, takenAt });
      const kept = { ...line, boxes: inside };
      digest.update(JSON.stringify([kept.file, kept.label, kept.boxes, kept.hash ?? kept.etag]));
      await spool.write(JSON.stringify(kept));
    },
    done(): Gathered {
      const items = gathered.done();
      const objects = new Uint8Array(items.count).fill(1);
      for (const at of inline) objects[at] = 0;
      return {
        items,
        prints,
        labelled,
        boxes,
        unusable,
        objects,
        problems,
        problemCounts,
        digest: digest.digest("hex"),
      };
    },
  };

  function note(one: ImportProblem) {
    problemCounts.set(one.code, (problemCounts.get(one.code) ?? 0) + 1);
    if (problems.length < named) problems.push(one);
  }
}

/** Options that say the same make the same digest, in whatever order they were written. */
const ordered = ({ seed, split, caps, weights }: DatasetOptions) => [
  seed,
  [split.train, split.validation, split.test],
  Object.entries(caps).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  weights,
];
