// Summarizes samples in one pass: classes, kinds of labels, and fields. Writers need it before they start.
import type { Samples } from "./format.ts";
import { isLabelled, type Sample, type Split } from "./sample.ts";

export interface LabelSummary {
  items: number;
  /** The declared classes, then other classes, sorted. */
  classes: string[];
  /** In the order train, validation, test, `undefined`. */
  splits: Array<Split | undefined>;
  labels: number;
  boxed: number;
  texts: number;
  fields: ReadonlySet<keyof Sample>;
  boxFields: ReadonlySet<"confidence" | "extra">;
  /** Extra fields whose values are all non-empty strings. */
  plainExtras: string[];
  /** Some item has another kind of extra field. */
  richExtras: boolean;
}

const ORDER: Array<Split | undefined> = ["train", "validation", "test", undefined];

export async function summarizeLabels(
  items: Samples,
  declared: readonly string[] = [],
): Promise<LabelSummary> {
  const seen = {
    classes: new Set<string>(),
    splits: new Set<Split | undefined>(),
    fields: new Set<keyof Sample>(),
    boxFields: new Set<"confidence" | "extra">(),
    plain: new Map<string, boolean>(),
  };
  let [count, labels, boxed, texts] = [0, 0, 0, 0];
  for await (const item of items()) {
    count += 1;
    if (item.label !== undefined) seen.classes.add(item.label);
    for (const box of item.boxes ?? []) {
      seen.classes.add(box.class);
      if (box.confidence !== undefined) seen.boxFields.add("confidence");
      if (box.extra) seen.boxFields.add("extra");
    }
    labels += item.label === undefined ? 0 : 1;
    boxed += item.boxes ? 1 : 0;
    texts += item.text === undefined ? 0 : 1;
    if (isLabelled(item)) seen.splits.add(item.split);
    for (const field of Object.keys(item) as Array<keyof Sample>) seen.fields.add(field);
    for (const [name, value] of Object.entries(item.extra ?? {}))
      seen.plain.set(name, (seen.plain.get(name) ?? true) && typeof value === "string" && value !== "");
  }
  const others = [...seen.classes].filter((name) => !declared.includes(name)).toSorted();
  const plain = [...seen.plain];
  return {
    items: count,
    classes: [...declared, ...others],
    splits: ORDER.filter((split) => seen.splits.has(split)),
    labels,
    boxed,
    texts,
    fields: seen.fields,
    boxFields: seen.boxFields,
    plainExtras: plain.filter(([, isPlain]) => isPlain).map(([name]) => name),
    richExtras: plain.some(([, isPlain]) => !isPlain),
  };
}
