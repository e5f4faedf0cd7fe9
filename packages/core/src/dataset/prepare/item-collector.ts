// The first pass: collects usable items as columns of numbers in memory, and as lines on disk.
import { createHash } from "node:crypto";
import { type Fingerprints, fingerprints } from "@sluice/labels/inspect/fingerprints.ts";
import type { Size } from "@sluice/labels/format/sample.ts";
import { checkBoxes } from "@sluice/labels/validate/box.ts";
import type { ImportProblem } from "../../label/import.ts";
import { validateLabel } from "../../label/validate-label.ts";
import type { DeclaredModel } from "../../model/model.ts";
import type { DatasetOptions } from "../dataset.ts";
import type { FileProblem } from "../file-metadata.entity.ts";
import type { Line } from "../line.ts";
import { type Columns, columnBuilder } from "../split/columns.ts";
import type { TempLines } from "./temp-lines.ts";

/** Problems that a report names. The rest are counted. */
const maxProblems = 1_000;

export interface UnsplitItem extends Line {
  /** The perceptual hash. */
  looks?: string;
  takenAt?: number;
  /** The image size that the label states. */
  stated?: Size;
  /** Why the file cannot be used. */
  problem?: FileProblem;
}

export interface CollectedItems {
  columns: Columns;
  prints: Fingerprints;
  /** By class number: labeled items, boxes in them, and items with an unusable file. */
  labelled: Uint32Array;
  boxes: Uint32Array;
  unusable: Uint32Array;
  /** 1 for an item that is an object, 0 for a text in its line. */
  isObject: Uint8Array;
  problems: ImportProblem[];
  problemCounts: Map<string, number>;
  digest: string;
}

export function itemCollector(model: DeclaredModel, options: DatasetOptions, lines: TempLines) {
  const { classes, task, name } = model;
  const classNumbers = new Map(classes.map((className, number) => [className, number]));
  const columns = columnBuilder(options.seed);
  const prints = fingerprints();
  const counters = () => new Uint32Array(classes.length);
  const [labelled, boxes, unusable] = [counters(), counters(), counters()];
  const problems: ImportProblem[] = [];
  const problemCounts = new Map<string, number>();
  const textItems: number[] = [];
  const digest = createHash("sha256");
  digest.update(JSON.stringify([1, name, task, classes, orderedOptions(options)]));

  const addProblem = (problem: ImportProblem) => {
    problemCounts.set(problem.code, (problemCounts.get(problem.code) ?? 0) + 1);
    if (problems.length < maxProblems) problems.push(problem);
  };
  return {
    async add({ looks, takenAt, stated, problem: fileProblem, ...line }: UnsplitItem): Promise<void> {
      const { file } = line;
      const invalid = validateLabel(model, line);
      if (invalid) {
        const fix = "Label it again, or add the class to the model's declaration.";
        addProblem({ code: invalid.code, file, message: `${file}: ${invalid.message}.`, fix });
        return;
      }
      const names = line.boxes?.map((box) => box.class) ?? [line.label!];
      const numbers = [...new Set(names)].map((className) => classNumbers.get(className)!);
      for (const number of numbers) labelled[number]! += 1;
      for (const box of line.boxes ?? []) boxes[classNumbers.get(box.class)!]! += 1;
      const checked = checkBoxes({ ...line, image: line, stated });
      const problem = checked.problem ?? fileProblem;
      if (problem) {
        for (const number of numbers) unusable[number]! += 1;
        addProblem({ ...problem, file });
        return;
      }
      if (line.text !== undefined) textItems.push(columns.count);
      columns.add({ key: file, classes: numbers });
      prints.add({ sha256: line.hash, hash: looks, file, takenAt });
      const item = { ...line, boxes: checked.boxes };
      digest.update(JSON.stringify([file, item.label, item.boxes, item.hash ?? item.etag]));
      await lines.write(JSON.stringify(item));
    },
    done(): CollectedItems {
      const built = columns.build();
      const isObject = new Uint8Array(built.count).fill(1);
      for (const item of textItems) isObject[item] = 0;
      const counts = { labelled, boxes, unusable };
      return {
        columns: built,
        prints,
        ...counts,
        isObject,
        problems,
        problemCounts,
        digest: digest.digest("hex"),
      };
    },
  };
}

/** Equal options have one order, so that they have one digest. */
const orderedOptions = ({ seed, split, caps, weights }: DatasetOptions) => [
  seed,
  [split.train, split.validation, split.test],
  Object.entries(caps).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  weights,
];
