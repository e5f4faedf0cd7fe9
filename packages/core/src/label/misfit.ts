import type { Declared } from "../model/model.ts";
import type { Said } from "./label.ts";

/** Why this cannot be a label of the model; nothing when it can. */
export function misfit(
  { task, classes }: Pick<Declared, "task" | "classes">,
  { label, boxes }: Pick<Said, "label" | "boxes">,
): { code: "KIND_WRONG" | "CLASS_UNKNOWN"; message: string } | undefined {
  const detector = task === "object-detection";
  if (detector && boxes === undefined)
    return { code: "KIND_WRONG", message: "a detector's label is made of boxes" };
  if (!detector && label === undefined)
    return { code: "KIND_WRONG", message: "a classifier's label is one class" };
  const said = detector ? boxes!.map((box) => box.class) : [label!];
  const stray = said.find((one) => !classes.includes(one));
  if (stray === undefined) return undefined;
  return { code: "CLASS_UNKNOWN", message: `"${stray}" is none of ${classes.join(", ")}` };
}
