// What a set holds, in one pass over it: which classes, which kinds of label, which fields.
import type { Items } from "./format.ts";
import { isLabelled, type Labelled, type Split } from "./labelled.ts";

export interface Survey {
  items: number;
  /** As declared, then any others that occur, sorted. */
  classes: string[];
  /** In the order train, validation, test, none. */
  splits: Array<Split | undefined>;
  labels: number;
  boxed: number;
  texts: number;
  fields: ReadonlySet<keyof Labelled>;
  boxFields: ReadonlySet<"confidence" | "extra">;
  /** Names of the extra fields whose every value is a plain text. */
  plainExtras: string[];
  /** Whether any item has another kind of extra field. */
  richExtras: boolean;
}

const ORDER: Array<Split | undefined> = ["train", "validation", "test", undefined];

export async function survey(items: Items, declared: readonly string[] = []): Promise<Survey> {
  const seen = {
    classes: new Set<string>(),
    splits: new Set<Split | undefined>(),
    fields: new Set<keyof Labelled>(),
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
    for (const field of Object.keys(item) as Array<keyof Labelled>) seen.fields.add(field);
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
