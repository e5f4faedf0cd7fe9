// Checks a label's file, and the label against the file.
import type { Model, Task } from "@sluice/models/index.ts";
import type { Sample, Size } from "../format/sample.ts";
import { type Problem, createProblem } from "../format/problem.ts";
import type { FileInspection } from "../inspect/inspect-file.ts";
import { clipBox, isEmptyBox } from "./box.ts";
import { nameOf, locationOf } from "./label.ts";

export interface FileRules {
  task: Task;
  model: Model | undefined;
}

export function checkFile(item: Sample, inspection: FileInspection, rules: FileRules): Problem[] {
  const subject = nameOf(item);
  const location = locationOf(item);
  const where = item.file === undefined ? location : { file: item.file };
  switch (inspection.kind) {
    case "missing": {
      const labelledIn =
        location.file === item.file
          ? ""
          : ` It is labeled in ${location.file}${location.line ? `:${location.line}` : ""}.`;
      return [createProblem("FILE_MISSING", where, `${subject} does not exist.${labelledIn}`)];
    }
    case "unreadable":
      return [createProblem(inspection.code, where, `${subject}: ${inspection.reason}`)];
    case "text":
      if (inspection.words === 0 && item.text === undefined)
        return [createProblem("TEXT_EMPTY", where, `${subject} contains no words.`)];
      return checkType("text/plain", subject, where, rules);
    case "image": {
      const resized = checkSize(item, inspection, subject, location);
      // For another image size, boxes outside are no separate problem.
      const boxes = resized.length > 0 ? resized : checkBoxesInside(item, inspection, subject, location);
      return [...checkType(inspection.type, subject, where, rules), ...boxes];
    }
  }
}

function checkType(
  type: string,
  subject: string,
  where: { file: string },
  { task, model }: FileRules,
): Problem[] {
  const expected = task === "text-classification" ? ["text/*"] : ["image/*"];
  const accepted = model?.accepts.contentTypes ?? expected;
  if (accepted.some((one) => one === type || (one.endsWith("/*") && type.startsWith(one.slice(0, -1)))))
    return [];
  const by = model ? "the model accepts" : `${task} needs`;
  return [createProblem("FILE_TYPE_UNKNOWN", where, `${subject} is ${type}; ${by} ${accepted.join(", ")}.`)];
}

function checkSize(
  { image, boxes }: Sample,
  real: Size,
  subject: string,
  location: { file: string },
): Problem[] {
  if (!image || !boxes || (image.width === real.width && image.height === real.height)) return [];
  const message = `${subject} is ${real.width} by ${real.height} pixels; its label states ${image.width} by ${image.height}.`;
  return [createProblem("IMAGE_SIZE_DIFFERS", location, message)];
}

function checkBoxesInside(
  { boxes = [] }: Sample,
  { width, height }: Size,
  subject: string,
  location: { file: string },
): Problem[] {
  return boxes.flatMap((box, index) => {
    const right = box.x + box.width;
    const bottom = box.y + box.height;
    if (isEmptyBox(box) || clipBox(box, { width, height })) return [];
    const message = `Box ${index + 1} (${box.class}) of ${subject} spans from ${box.x},${box.y} to ${round(right)},${round(bottom)}; the image has ${width} by ${height} pixels.`;
    return [createProblem("BOX_OUTSIDE", location, message)];
  });
}

const round = (value: number) => Math.round(value * 100) / 100;
