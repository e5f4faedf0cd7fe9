// Shares of train, validation and test.
import { createHash } from "node:crypto";
import type { Split } from "@sluice/labels/format/sample.ts";
import { EXIT, Failure } from "../terminal/failure.ts";

export interface Shares {
  train: number;
  validation: number;
  test: number;
}

export function parseSplit(text: string): Shares {
  const [train, validation, test, ...more] = text.split(/[:,/]/).map(Number);
  if (
    more.length > 0 ||
    [train, validation, test].some((share) => share === undefined || Number.isNaN(share))
  )
    throw new Failure("SPLIT_INVALID", `--split: "${text}" does not have three shares.`, {
      exit: EXIT.usage,
      hint: "Write train:validation:test, such as 0.8:0.1:0.1.",
    });
  return { train: train!, validation: validation!, test: test! };
}

/** The same split for a name on every machine, whatever the other names are. */
export function splitByName(name: string, { train, validation }: Shares): Split {
  const share = createHash("sha256").update(name).digest().readUInt32BE() / 2 ** 32;
  if (share < train) return "train";
  return share < train + validation ? "validation" : "test";
}
