// Common names of splits.
import type { Split } from "./sample.ts";
import { basename, directory, stem } from "./path.ts";

const NAMES = new Map<string, Split>(
  Object.entries({
    train: "train",
    training: "train",
    val: "validation",
    valid: "validation",
    validation: "validation",
    dev: "validation",
    test: "test",
    testing: "test",
    eval: "test",
  }),
);

export const splitNamed = (name: string): Split | undefined => NAMES.get(name.trim().toLowerCase());

/** By the innermost folder with the name of a split. */
export function splitOfFolder(path: string): Split | undefined {
  for (const folder of directory(path).split("/").toReversed()) {
    const found = splitNamed(folder);
    if (found) return found;
  }
  return undefined;
}

/** `instances_val2017.json`, `train.csv`, `test/_annotations.coco.json`. */
export function splitOfLabelFile(path: string): Split | undefined {
  for (const word of stem(basename(path)).split(/[^A-Za-z]+/)) {
    const found = splitNamed(word);
    if (found) return found;
  }
  return splitOfFolder(path);
}
