// What only the set as a whole shows: files labelled twice, classes without examples, copies, and leaks between splits.
import type { Labelled } from "../format/labelled.ts";
import { type Problem, problem } from "../format/problem.ts";
import type { Fingerprints } from "../inspect/near.ts";
import { members } from "../inspect/union.ts";
import { nameOf, placeOf } from "./label.ts";

/** Of seven to ten examples, one is left to test with. */
const FEW = 10;
/** Names told of one group of copies. */
const NAMED = 5;

export function* repeated(items: readonly Labelled[]): Generator<Problem> {
  const first = new Map<string, Labelled>();
  for (const item of items) {
    const subject = item.file ?? item.text!;
    const before = first.get(subject);
    if (!before) {
      first.set(subject, item);
      continue;
    }
    const there = placeOf(before);
    const place = `${there.file}${there.line ? `:${there.line}` : ""}`;
    if (meaning(before) === meaning(item))
      yield problem("LABEL_REPEATED", placeOf(item), `${nameOf(item)} is labelled again, as in ${place}.`);
    else
      yield problem(
        "LABEL_CONFLICT",
        placeOf(item),
        `${nameOf(item)} is ${shown(item)} here and ${shown(before)} in ${place}.`,
      );
  }
}

export function* classProblems(
  items: readonly Labelled[],
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
      yield problem("CLASS_WITHOUT_EXAMPLES", { file: set.name }, `No ${set.noun} shows "${name}".`);
    else if (count < FEW)
      yield problem(
        "CLASS_WITH_FEW_EXAMPLES",
        { file: set.name },
        `"${name}" has only ${count}: ${FEW} are the least to split.`,
      );
  }
}

/** `of` gives the label behind a fingerprint's number. */
export function* copies(prints: Fingerprints, of: readonly Labelled[]): Generator<Problem> {
  const exact = prints.exact();
  for (const group of members(exact)) {
    const items = group.map((number) => of[number]!);
    const where = { file: items[0]!.file ?? placeOf(items[0]!).file };
    const conflict = new Set(items.map(meaning)).size > 1;
    const named = list(items.map((item) => (conflict ? `${nameOf(item)} (${shown(item)})` : nameOf(item))));
    yield problem(conflict ? "DUPLICATE_CONFLICT" : "DUPLICATE_FILES", where, `Equal: ${named}.`);
  }
  if (new Set(of.map(({ split }) => split)).size < 2) return;
  for (const group of members(prints.near())) {
    const items = group.map((number) => of[number]!);
    const splits = new Set(items.map(({ split }) => split).filter((split) => split !== undefined));
    if (splits.size < 2) continue;
    const equal = group.every((number) => exact[number] === exact[group[0]!]);
    const one = [...splits].map((split) => items.find((item) => item.split === split)!);
    const named = list(one.map((item) => `${nameOf(item)} (${item.split})`));
    const where = { file: one[0]!.file ?? placeOf(one[0]!).file };
    if (equal) yield problem("SPLIT_LEAKAGE", where, `The same in two splits: ${named}.`);
    else yield problem("SPLIT_LEAKAGE_LIKELY", where, `Nearly the same in two splits: ${named}.`);
  }
}

/** Equal for labels that say the same. */
function meaning({ label, boxes }: Labelled): string {
  if (!boxes) return JSON.stringify(label ?? null);
  return JSON.stringify(
    boxes.map((box) => [box.class, box.x, box.y, box.width, box.height].join(" ")).toSorted(),
  );
}

const shown = ({ label, boxes }: Labelled) =>
  label === undefined ? `${boxes?.length ?? 0} boxes` : `"${label}"`;

const list = (names: readonly string[]) =>
  names.slice(0, NAMED).join(", ") + (names.length > NAMED ? ` and ${names.length - NAMED} more` : "");
