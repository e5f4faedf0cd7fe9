// Whether there is enough to learn from, and what deserves a word of warning.
import { SluiceError } from "../../error/error.ts";
import type { Declared } from "../../model/model.ts";
import type { ClassRow, DatasetOptions, Warning } from "../dataset.ts";
import type { Gathered } from "./gather.ts";

/** A class is hardly learnt from fewer. */
export const rare = 100;
/** A group that holds more of all items than this is worth a look. */
const largeShare = 0.1;

/** Throws where no dataset can be made. */
export function demand(
  { name, task, classes }: Declared,
  { items, labelled, unusable, problemCounts }: Gathered,
  { split }: DatasetOptions,
): void {
  const details = { model: name };
  if (items.count === 0) {
    const lost = [...problemCounts].map(([code, count]) => `${count} ${code}`).join(", ");
    const why = lost ? `none of its labelled files can be used (${lost})` : "nothing is labelled yet";
    throw new SluiceError("DATASET_NO_DATA", `There is no dataset of ${name}: ${why}.`, { details });
  }
  const usable = classes.map((one, at) => ({ one, count: labelled[at]! - unusable[at]! }));
  const present = usable.filter(({ count }) => count > 0);
  if (present.length < (task === "object-detection" ? 1 : 2)) {
    const only = present[0]?.one;
    throw new SluiceError(
      "DATASET_ONE_CLASS",
      `All usable labels of ${name} are ${only === undefined ? "empty pictures" : `"${only}"`}.`,
      { details },
    );
  }
  const splits = Object.values(split).filter((share) => share > 0).length;
  const small = present.filter(({ count }) => count < splits);
  if (small.length > 0) {
    const which = small.map(({ one, count }) => `${one} (${count})`).join(", ");
    throw new SluiceError(
      "DATASET_CLASS_TOO_SMALL",
      `Too few items to share out between ${splits} splits: ${which}.`,
      { details: { ...details, classes: small.map(({ one }) => one) } },
    );
  }
}

interface Groups {
  count: number;
  items: number;
  largest: number;
  conflicts: number;
}

export function warnings({ items, problemCounts }: Gathered, rows: ClassRow[], groups: Groups): Warning[] {
  const found: Warning[] = [];
  for (const { class: name, labelled, unusable } of rows) {
    const usable = labelled - unusable;
    if (usable === 0)
      found.push({
        code: "CLASS_ABSENT",
        class: name,
        message: `${name} has no example: a model cannot learn it.`,
        fix: "Label some, or take the class out of the model's declaration.",
      });
    else if (usable < rare)
      found.push({
        code: "CLASS_RARE",
        class: name,
        message: `${name} has ${usable} examples; fewer than ${rare} are hardly enough.`,
        fix: "Label more of them, cap the others, or weigh the classes.",
      });
  }
  if (groups.largest > Math.max(2, largeShare * items.count))
    found.push({
      code: "GROUP_LARGE",
      message: `${groups.largest} items look alike or were taken in one burst and stay in one split.`,
      fix: "Leave most of them out: copies teach little and make the splits uneven.",
    });
  if (groups.conflicts > 0)
    found.push({
      code: "LABELS_CONFLICT",
      message: `${groups.conflicts} items have the same content as another, but another label.`,
      fix: "Correct one label of each; the report names them.",
    });
  for (const [code, count] of problemCounts) {
    if (code === "CLASS_UNKNOWN" || code === "KIND_WRONG")
      found.push({
        code,
        message: `${count} labels do not fit the model and were left out.`,
        fix: "Label them anew, or change the model's declaration.",
      });
  }
  const lost = [...problemCounts].filter(([code]) => code !== "CLASS_UNKNOWN" && code !== "KIND_WRONG");
  if (lost.length > 0)
    found.push({
      code: "FILES_UNUSABLE",
      message: `Left out: ${lost.map(([code, count]) => `${count} ${code}`).join(", ")}.`,
      fix: "The report names each file and what to do about it.",
    });
  return found;
}
