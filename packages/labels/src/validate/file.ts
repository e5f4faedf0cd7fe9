// What is wrong with a label's file, and with the label in the light of it.
import type { Model, Task } from "@sluice/models/index.ts";
import type { Labelled, Size } from "../format/labelled.ts";
import { type Problem, problem } from "../format/problem.ts";
import type { Looked } from "../inspect/inspect-file.ts";
import { fitted, isFlat } from "./box.ts";
import { nameOf, placeOf } from "./label.ts";

export interface Asked {
  task: Task;
  model: Model | undefined;
}

export function fileProblems(item: Labelled, looked: Looked, asked: Asked): Problem[] {
  const subject = nameOf(item);
  const place = placeOf(item);
  const where = item.file === undefined ? place : { file: item.file };
  switch (looked.kind) {
    case "missing": {
      const said =
        place.file === item.file
          ? ""
          : ` It is labelled in ${place.file}${place.line ? `:${place.line}` : ""}.`;
      return [problem("FILE_MISSING", where, `${subject} is not there.${said}`)];
    }
    case "unreadable":
      return [problem(looked.code, where, `${subject}: ${looked.reason}`)];
    case "text":
      if (looked.words === 0 && item.text === undefined)
        return [problem("TEXT_EMPTY", where, `${subject} holds no words.`)];
      return typeProblems("text/plain", subject, where, asked);
    case "image": {
      const resized = sizeProblems(item, looked, subject, place);
      // Boxes drawn on another size lie outside for that reason alone.
      const boxes = resized.length > 0 ? resized : outside(item, looked, subject, place);
      return [...typeProblems(looked.type, subject, where, asked), ...boxes];
    }
  }
}

function typeProblems(
  type: string,
  subject: string,
  where: { file: string },
  { task, model }: Asked,
): Problem[] {
  const wanted = task === "text-classification" ? ["text/*"] : ["image/*"];
  const accepted = model?.accepts.contentTypes ?? wanted;
  if (accepted.some((one) => one === type || (one.endsWith("/*") && type.startsWith(one.slice(0, -1)))))
    return [];
  const by = model ? "the model accepts" : `${task} needs`;
  return [problem("FILE_TYPE_UNKNOWN", where, `${subject} is ${type}; ${by} ${accepted.join(", ")}.`)];
}

function sizeProblems(
  { image, boxes }: Labelled,
  real: Size,
  subject: string,
  place: { file: string },
): Problem[] {
  if (!image || !boxes || (image.width === real.width && image.height === real.height)) return [];
  const message = `${subject} is ${real.width} by ${real.height} pixels; its label says ${image.width} by ${image.height}.`;
  return [problem("IMAGE_SIZE_DIFFERS", place, message)];
}

function outside(
  { boxes = [] }: Labelled,
  { width, height }: Size,
  subject: string,
  place: { file: string },
): Problem[] {
  return boxes.flatMap((box, index) => {
    const right = box.x + box.width;
    const bottom = box.y + box.height;
    if (isFlat(box) || fitted(box, { width, height })) return [];
    const message = `Box ${index + 1} (${box.class}) of ${subject} reaches from ${box.x},${box.y} to ${round(right)},${round(bottom)}; the picture has ${width} by ${height} pixels.`;
    return [problem("BOX_OUTSIDE", place, message)];
  });
}

const round = (value: number) => Math.round(value * 100) / 100;
