import type { Label } from "@sluice/core/label/label.ts";
import { EXIT, Failure } from "../terminal/failure.ts";

export type Boxes = NonNullable<Label["boxes"]>;

/** `source` names the option or file in the error. The API checks each box. */
export function parseBoxes(text: string, source: string): Boxes {
  try {
    const boxes: unknown = JSON.parse(text);
    if (Array.isArray(boxes)) return boxes as Boxes;
    throw new Error("it is not an array");
  } catch (cause) {
    throw new Failure(
      "BOXES_INVALID",
      `${source} is not a JSON array of boxes: ${(cause as Error).message}.`,
      {
        exit: EXIT.usage,
        hint: 'Write [{"class":"door","x":4,"y":8,"width":30,"height":12}].',
        cause,
      },
    );
  }
}
