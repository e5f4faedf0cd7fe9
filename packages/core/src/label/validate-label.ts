import type { DeclaredModel } from "../model/model.ts";
import type { LabelInput } from "./label.ts";

interface InvalidLabel {
  code: "KIND_WRONG" | "CLASS_UNKNOWN";
  message: string;
}

/** Why the model cannot use this label. `undefined` for a valid label. */
export function validateLabel(
  { task, classes }: Pick<DeclaredModel, "task" | "classes">,
  { label, boxes }: Pick<LabelInput, "label" | "boxes">,
): InvalidLabel | undefined {
  const isDetection = task === "object-detection";
  if (isDetection && boxes === undefined)
    return { code: "KIND_WRONG", message: "an object detection label consists of boxes" };
  if (!isDetection && label === undefined)
    return { code: "KIND_WRONG", message: "a classification label is one class" };
  const names = isDetection ? boxes!.map((box) => box.class) : [label!];
  const unknown = names.find((name) => !classes.includes(name));
  if (unknown === undefined) return undefined;
  return { code: "CLASS_UNKNOWN", message: `"${unknown}" is not one of ${classes.join(", ")}` };
}
