// A detector has a family and a size. Names of other programs' detectors select a family and a size of ours.
import * as z from "zod";

const families = ["anchor-free", "anchor-based"] as const;
type Family = (typeof families)[number];
const sizes = ["n", "s", "m"] as const;
type Size = (typeof sizes)[number];

/** A generation and a size: `yolo11n`, `yolov5m`. */
const ALIAS = /^yolov?(\d{1,2})([a-z])$/i;
/** Generations whose detectors have anchors. */
const ANCHOR_BASED = [3, 4, 5, 7];

export function parseAlias(name: string): { family: Family; size: Size } | undefined {
  const [, generation, letter = ""] = ALIAS.exec(name) ?? [];
  const size = sizes.find((one) => one === letter.toLowerCase());
  if (!size) return undefined;
  return { family: ANCHOR_BASED.includes(Number(generation)) ? "anchor-based" : "anchor-free", size };
}

const isFamily = (name: string) => families.some((family) => family === name);

export const Detector = z
  .string()
  .refine((name) => isFamily(name) || parseAlias(name), "must be `anchor-free` or `anchor-based`");

interface Named {
  detector?: string | undefined;
  size?: Size | undefined;
  weights?: string | undefined;
}

/** Replaces other programs' names in `detector` and `weights`. The notes say what they select. */
export function resolveNames<Options extends Named>(options: Options): { options: Options; notes: string[] } {
  const names = [options.detector, options.weights].filter((name) => name !== undefined);
  const alias = names.find((name) => parseAlias(name));
  if (alias === undefined) return { options, notes: [] };
  const named = parseAlias(alias)!;
  const { weights } = options;
  const detector = options.detector && isFamily(options.detector) ? options.detector : named.family;
  const size = options.size ?? named.size;
  return {
    options: { ...options, detector, size, weights: weights && parseAlias(weights) ? undefined : weights },
    notes: [
      `\`${alias}\` selects Sluice's own ${detector} detector of size ${size}. It has no weights of another program.`,
    ],
  };
}
