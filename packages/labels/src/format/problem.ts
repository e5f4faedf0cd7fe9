// All problems that a dataset can have. Errors prevent training, warnings do not.
import type { Sample } from "./sample.ts";

export type Severity = "error" | "warning";

interface Entry {
  severity: Severity;
  fix: string;
}
const error = (fix: string): Entry => ({ severity: "error", fix });
const warning = (fix: string): Entry => ({ severity: "warning", fix });

export const problems = {
  // The label file.
  LABELS_UNREADABLE: error("Repair the label file, or export it again from its tool."),
  LABELS_EMPTY: error("Add labels, or name another folder."),
  LABELS_TOO_LARGE: error("Split the label file into several smaller ones."),
  LINE_TOO_LONG: error("Split or remove the line; a label needs a few hundred characters."),
  LINE_BROKEN: error("Correct the line, or remove it."),
  FIELD_MISSING: error("Add the named field."),
  FIELD_INVALID: error("Correct the named field."),
  PATH_UNSAFE: error("Name the file by its path inside the dataset, without `..` and without a leading `/`."),
  REFERENCE_UNKNOWN: error("Correct the number, or add the entry that it refers to."),
  LABEL_KIND_UNSUPPORTED: error("Use one class for each file, or boxes."),
  LABELLING_FAILED: warning("Label this file again, or leave it out."),

  // The file a label is for.
  FILE_MISSING: error("Add the file, or remove its label."),
  FILE_EMPTY: error("Replace the file: it is empty."),
  FILE_TOO_LARGE: error("Scale the image down or compress it more."),
  FILE_UNREADABLE: error("Export the file again from its source, or remove it and its label."),
  FILE_TYPE_UNKNOWN: error("Convert it to a type the model accepts, or remove it and its label."),
  IMAGE_TOO_LARGE: error("Scale the image down."),
  IMAGE_SIZE_DIFFERS: error("Draw the boxes again, or correct the size the label states."),
  IMAGE_SIZE_UNKNOWN: error("Repair the image, or state its size in the label file."),
  TEXT_EMPTY: error("Add the text, or remove its label."),

  // The label.
  UNLABELLED: warning("Label the file, or leave it out."),
  CLASS_UNKNOWN: error("Correct the class, or add it to the model's declaration."),
  KIND_WRONG: error("Label it as the model's task requires."),
  BOX_INVALID: error("Draw the box again."),
  BOX_OUTSIDE: error("Move the box inside the image."),
  BOX_TINY: warning("Draw the box again, or remove it: a model cannot learn from so few pixels."),
  BOX_DUPLICATE: warning("Remove one of the two boxes."),

  // The set.
  LABEL_REPEATED: warning("Keep one of the labels."),
  LABEL_CONFLICT: error("Decide which label is right and remove the others."),
  CLASS_WITHOUT_EXAMPLES: error("Add examples, or remove the class from the model's declaration."),
  CLASS_WITH_FEW_EXAMPLES: warning("Add examples. A class with so few is rarely learned."),
  DUPLICATE_FILES: warning("Keep one of them. Copies do not improve the model."),
  DUPLICATE_CONFLICT: error("Correct one label: equal files have different classes."),
  SPLIT_LEAKAGE: error(
    "Keep all copies of a file in one split. Otherwise the measured accuracy is too high.",
  ),
  SPLIT_LEAKAGE_LIKELY: warning("Check the images. Keep images of one moment in one split."),
} as const satisfies Record<string, Entry>;

export type ProblemCode = keyof typeof problems;

export interface Problem {
  code: ProblemCode;
  severity: Severity;
  /** The affected file, or the label file. */
  file: string;
  /** The line of the label file, from 1. */
  line?: number;
  message: string;
  fix: string;
}

export function createProblem(
  code: ProblemCode,
  where: { file: string; line?: number },
  message: string,
  fix: string = problems[code].fix,
): Problem {
  const line = where.line === undefined ? {} : { line: where.line };
  return { code, severity: problems[code].severity, file: where.file, ...line, message, fix };
}

export const isProblem = (one: Sample | Problem): one is Problem => "code" in one;
