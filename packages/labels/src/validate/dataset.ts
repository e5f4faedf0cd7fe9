// Checks a dataset as a whole: repeated labels, classes without examples, duplicates, and leaks between splits.
import type { Sample } from "../format/sample.ts";
import { type Problem, createProblem } from "../format/problem.ts";
import type { Fingerprints } from "../inspect/fingerprints.ts";
import { groupMembers } from "../inspect/union-find.ts";
import { nameOf, locationOf } from "./label.ts";

/** Fewer leave less than one example for testing. */
const MIN_EXAMPLES = 10;
/** Names listed for a group of duplicates. */
const MAX_NAMES = 5;

export function* findRepeatedLabels(items: readonly Sample[]): Generator<Problem> {
  const firstOf = new Map<string, Sample>();
  for (const item of items) {
    const subject = item.file ?? item.text!;
    const before = firstOf.get(subject);
    if (!before) {
      firstOf.set(subject, item);
      continue;
    }
    const first = locationOf(before);
    const firstPlace = `${first.file}${first.line ? `:${first.line}` : ""}`;
    if (labelKey(before) === labelKey(item))
      yield createProblem(
        "LABEL_REPEATED",
        locationOf(item),
        `${nameOf(item)} is labeled again, as in ${firstPlace}.`,
      );
    else
      yield createProblem(
        "LABEL_CONFLICT",
        locationOf(item),
        `${nameOf(item)} is ${shown(item)} here and ${shown(before)} in ${firstPlace}.`,
      );
  }
}

export function* checkClassCounts(
  items: readonly Sample[],
  set: { name: string; classes?: readonly string[]; noun: string },
): Generator<Problem> {
  const counts = new Map<string, number>((set.classes ?? []).map((name) => [name, 0]));
  for (const { label, boxes } of items) {
    const names = label === undefined ? new Set(boxes?.map((box) => box.class)) : [label];
    for (const name of names)
      if (!set.classes || counts.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  for (const [name, count] of counts) {
    if (count === 0)
      yield createProblem(
        "CLASS_WITHOUT_EXAMPLES",
        { file: set.name },
        `No ${set.noun} has the class "${name}".`,
      );
    else if (count < MIN_EXAMPLES)
      yield createProblem(
        "CLASS_WITH_FEW_EXAMPLES",
        { file: set.name },
        `"${name}" has only ${count} examples; splitting needs ${MIN_EXAMPLES}.`,
      );
  }
}

/** `samples` are in the order of the fingerprints. */
export function* findDuplicates(prints: Fingerprints, samples: readonly Sample[]): Generator<Problem> {
  const exact = prints.exact();
  for (const group of groupMembers(exact)) {
    const items = group.map((number) => samples[number]!);
    const where = { file: items[0]!.file ?? locationOf(items[0]!).file };
    const conflict = new Set(items.map(labelKey)).size > 1;
    const named = list(items.map((item) => (conflict ? `${nameOf(item)} (${shown(item)})` : nameOf(item))));
    yield createProblem(conflict ? "DUPLICATE_CONFLICT" : "DUPLICATE_FILES", where, `Equal: ${named}.`);
  }
  if (new Set(samples.map(({ split }) => split)).size < 2) return;
  for (const group of groupMembers(prints.near())) {
    const items = group.map((number) => samples[number]!);
    const splits = new Set(items.map(({ split }) => split).filter((split) => split !== undefined));
    if (splits.size < 2) continue;
    const equal = group.every((number) => exact[number] === exact[group[0]!]);
    const one = [...splits].map((split) => items.find((item) => item.split === split)!);
    const named = list(one.map((item) => `${nameOf(item)} (${item.split})`));
    const where = { file: one[0]!.file ?? locationOf(one[0]!).file };
    if (equal) yield createProblem("SPLIT_LEAKAGE", where, `Equal files in two splits: ${named}.`);
    else yield createProblem("SPLIT_LEAKAGE_LIKELY", where, `Similar files in two splits: ${named}.`);
  }
}

function labelKey({ label, boxes }: Sample): string {
  if (!boxes) return JSON.stringify(label ?? null);
  return JSON.stringify(
    boxes.map((box) => [box.class, box.x, box.y, box.width, box.height].join(" ")).toSorted(),
  );
}

const shown = ({ label, boxes }: Sample) =>
  label === undefined ? `${boxes?.length ?? 0} boxes` : `"${label}"`;

const list = (names: readonly string[]) =>
  names.slice(0, MAX_NAMES).join(", ") +
  (names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "");
