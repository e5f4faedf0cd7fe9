// Everything that can be wrong with a dataset, as a closed set: whether training can go on, and what to do about it.
import type { Labelled } from "./labelled.ts";

export type Severity = "error" | "warning";

interface Entry {
  severity: Severity;
  fix: string;
}
const error = (fix: string): Entry => ({ severity: "error", fix });
const warning = (fix: string): Entry => ({ severity: "warning", fix });

export const problems = {
  // The label file.
  LABELS_UNREADABLE: error("Repair the label file, or export it again from where it was made."),
  LABELS_EMPTY: error("Put labels there, or name another place."),
  LABELS_TOO_LARGE: error("Split the label file into several smaller ones."),
  LINE_TOO_LONG: error("Split or remove the line; a label needs a few hundred characters."),
  LINE_BROKEN: error("Correct the line by its format's rules, or remove it."),
  FIELD_MISSING: error("Add the named field."),
  FIELD_INVALID: error("Correct the named field."),
  PATH_UNSAFE: error("Name the file by its path inside the dataset, without `..` and without a leading `/`."),
  REFERENCE_UNKNOWN: error("Correct the number, or add what it refers to."),
  LABEL_KIND_UNSUPPORTED: error("Use one class for each file, or boxes."),
  LABELLING_FAILED: warning("Label this file again, or leave it out."),

  // The file a label is for.
  FILE_MISSING: error("Add the file, or remove its label."),
  FILE_EMPTY: error("Replace the file: it holds no bytes."),
  FILE_TOO_LARGE: error("Scale the picture down or compress it more."),
  FILE_UNREADABLE: error("Export the file again from its source, or remove it and its label."),
  FILE_TYPE_UNKNOWN: error("Convert it to a type the model accepts, or remove it and its label."),
  IMAGE_TOO_LARGE: error("Scale the picture down."),
  IMAGE_SIZE_DIFFERS: error("Draw the boxes again, or correct the size the label states."),
  IMAGE_SIZE_UNKNOWN: error("Make the picture readable, or state its size beside its label."),
  TEXT_EMPTY: error("Add the text, or remove its label."),

  // The label.
  UNLABELLED: warning("Label the file, or leave it out."),
  CLASS_UNKNOWN: error("Correct the class, or add it to the model's declaration."),
  KIND_WRONG: error("Label it in the way the model's task needs."),
  BOX_INVALID: error("Draw the box again."),
  BOX_OUTSIDE: error("Move the box inside the picture."),
  BOX_TINY: warning("Draw the box again, or remove it: nothing can be learnt from so few pixels."),
  BOX_DUPLICATE: warning("Remove one of the two boxes."),

  // The set.
  LABEL_REPEATED: warning("Keep one of the labels."),
  LABEL_CONFLICT: error("Decide which label is right and remove the others."),
  CLASS_WITHOUT_EXAMPLES: error("Add examples, or take the class out of the model's declaration."),
  CLASS_WITH_FEW_EXAMPLES: warning("Add examples: a class is hardly learnt from so few."),
  DUPLICATE_FILES: warning("Keep one of them: the copies teach nothing more."),
  DUPLICATE_CONFLICT: error("The same picture cannot be of two classes: correct one label."),
  SPLIT_LEAKAGE: error(
    "Keep all copies of a picture in one split, or the measured accuracy is too good to be true.",
  ),
  SPLIT_LEAKAGE_LIKELY: warning("Look at them; keep pictures of one moment in one split."),
} as const satisfies Record<string, Entry>;

export type ProblemCode = keyof typeof problems;

export interface Problem {
  code: ProblemCode;
  severity: Severity;
  /** The file it is about, or the label file where it stands. */
  file: string;
  /** Of a label file, from 1. */
  line?: number;
  message: string;
  fix: string;
}

export function problem(
  code: ProblemCode,
  where: { file: string; line?: number },
  message: string,
  fix: string = problems[code].fix,
): Problem {
  const line = where.line === undefined ? {} : { line: where.line };
  return { code, severity: problems[code].severity, file: where.file, ...line, message, fix };
}

export const isProblem = (one: Labelled | Problem): one is Problem => "code" in one;
