// What training requires of a dataset, and warnings about its quality.
import { SluiceError } from "../../error/error.ts";
import type { DeclaredModel } from "../../model/model.ts";
import type { ClassRow, DatasetOptions, Warning } from "../dataset.ts";
import type { CollectedItems } from "./item-collector.ts";

/** A class with fewer examples is hard to learn. */
const rareExamples = 100;
/** A group with a larger share of all items gets a warning. */
const largeGroupShare = 0.1;

/** Throws for a dataset that no model can be trained with. */
export function requireTrainable(
  { name, task, classes }: DeclaredModel,
  { columns, labelled, unusable, problemCounts }: CollectedItems,
  { split }: DatasetOptions,
): void {
  const details = { model: name };
  if (columns.count === 0) {
    const reasons = [...problemCounts].map(([code, count]) => `${count} ${code}`).join(", ");
    const why = reasons ? `no labeled file can be used (${reasons})` : "nothing is labeled yet";
    throw new SluiceError("DATASET_NO_DATA", `${name} has no data to train with: ${why}.`, { details });
  }
  const usable = classes.map((className, number) => ({
    name: className,
    count: labelled[number]! - unusable[number]!,
  }));
  const present = usable.filter(({ count }) => count > 0);
  if (present.length < (task === "object-detection" ? 1 : 2)) {
    const [only] = present;
    throw new SluiceError(
      "DATASET_ONE_CLASS",
      only
        ? `All usable labels of ${name} have the class "${only.name}".`
        : `All usable images of ${name} are without boxes.`,
      { details },
    );
  }
  const splits = Object.values(split).filter((share) => share > 0).length;
  const small = present.filter(({ count }) => count < splits);
  if (small.length > 0)
    throw new SluiceError(
      "DATASET_CLASS_TOO_SMALL",
      `Each class needs an item for each of the ${splits} splits: ${small.map((one) => `${one.name} has ${one.count}`).join(", ")}.`,
      { details: { ...details, classes: small.map((one) => one.name) } },
    );
}

interface GroupCounts {
  count: number;
  items: number;
  largest: number;
  conflicts: number;
}

export function findWarnings(
  { columns, problemCounts }: CollectedItems,
  rows: ClassRow[],
  groups: GroupCounts,
): Warning[] {
  return [
    ...rows.flatMap(classWarnings),
    ...groupWarnings(groups, columns.count),
    ...problemWarnings(problemCounts),
  ];
}

function classWarnings({ class: name, labelled, unusable }: ClassRow): Warning[] {
  const usable = labelled - unusable;
  if (usable === 0)
    return [
      {
        code: "CLASS_ABSENT",
        class: name,
        message: `${name} has no examples: a model cannot learn it.`,
        fix: "Label some, or remove the class from the model's declaration.",
      },
    ];
  if (usable >= rareExamples) return [];
  return [
    {
      code: "CLASS_RARE",
      class: name,
      message: `${name} has ${usable} examples; fewer than ${rareExamples} are often too few.`,
      fix: "Label more, cap the other classes, or use class weights.",
    },
  ];
}

function groupWarnings({ largest, conflicts }: GroupCounts, items: number): Warning[] {
  const warnings: Warning[] = [];
  if (largest > Math.max(2, largeGroupShare * items))
    warnings.push({
      code: "GROUP_LARGE",
      message: `${largest} items look alike or are from one burst. They stay in one split.`,
      fix: "Remove most of them. Copies hardly improve the model and make the splits uneven.",
    });
  if (conflicts > 0)
    warnings.push({
      code: "LABELS_CONFLICT",
      message: `${conflicts} items have the same content as another item, but another label.`,
      fix: "Correct one label of each. The report names them.",
    });
  return warnings;
}

const isLabelProblem = (code: string) => code === "CLASS_UNKNOWN" || code === "KIND_WRONG";

function problemWarnings(problemCounts: ReadonlyMap<string, number>): Warning[] {
  const fileProblems = [...problemCounts].filter(([code]) => !isLabelProblem(code));
  const labels = [...problemCounts].flatMap(([code, count]): Warning[] =>
    code === "CLASS_UNKNOWN" || code === "KIND_WRONG"
      ? [
          {
            code,
            message: `${count} labels do not fit the model and are left out.`,
            fix: "Label them again, or change the model's declaration.",
          },
        ]
      : [],
  );
  if (fileProblems.length === 0) return labels;
  const counts = fileProblems.map(([code, count]) => `${count} ${code}`).join(", ");
  return [
    ...labels,
    {
      code: "FILES_UNUSABLE",
      message: `Left out: ${counts}.`,
      fix: "The report names each file and its fix.",
    },
  ];
}
