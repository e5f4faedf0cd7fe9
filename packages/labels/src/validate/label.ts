// Checks one label without its file.
import type { Task } from "@sluice/models/index.ts";
import { type Box, isLabelled, type Sample } from "../format/sample.ts";
import { type Problem, createProblem, problems } from "../format/problem.ts";
import { isEmptyBox } from "./box.ts";
import { nearestName } from "./nearest-name.ts";

export interface LabelRules {
  task: Task;
  /** Absent without a model: then all classes are valid. */
  classes?: readonly string[];
}

/** Pixels. Models scale images down, so smaller boxes vanish. */
const MIN_SIDE = 3;

export function checkLabel(item: Sample, { task, classes }: LabelRules): Problem[] {
  const found: Problem[] = [];
  const where = locationOf(item);
  const subject = nameOf(item);
  if (item.text !== undefined && item.text.trim() === "")
    found.push(createProblem("TEXT_EMPTY", where, `${subject} is empty.`));
  if (!isLabelled(item)) {
    found.push(createProblem("UNLABELLED", where, `${subject} has neither a class nor boxes.`));
    return found;
  }
  const isDetection = task === "object-detection";
  if (isDetection !== (item.boxes !== undefined))
    found.push(
      createProblem(
        "KIND_WRONG",
        where,
        `${subject} has ${isDetection ? "a class but no boxes" : "boxes but no class"}; ${task} needs ${isDetection ? "boxes" : "a class"}.`,
      ),
    );
  const names = item.label === undefined ? item.boxes!.map((box) => box.class) : [item.label];
  for (const name of new Set(names)) {
    if (!classes || classes.includes(name)) continue;
    const suggestion = nearestName(name, classes);
    const fix = suggestion === undefined ? problems.CLASS_UNKNOWN.fix : `Did you mean "${suggestion}"?`;
    found.push(
      createProblem(
        "CLASS_UNKNOWN",
        where,
        `${subject} has the class "${name}", which the model does not have.`,
        fix,
      ),
    );
  }
  return [...found, ...checkLabelBoxes(item.boxes ?? [], subject, where)];
}

function checkLabelBoxes(boxes: readonly Box[], subject: string, where: { file: string }): Problem[] {
  const found: Problem[] = [];
  const seen = new Set<string>();
  for (const [index, box] of boxes.entries()) {
    const sides = [box.x, box.y, box.width, box.height];
    const boxName = `Box ${index + 1} (${box.class}) of ${subject}`;
    if (isEmptyBox(box))
      found.push(createProblem("BOX_INVALID", where, `${boxName} is ${box.width} by ${box.height} pixels.`));
    else if (box.width < MIN_SIDE || box.height < MIN_SIDE)
      found.push(
        createProblem("BOX_TINY", where, `${boxName} is only ${box.width} by ${box.height} pixels.`),
      );
    const key = JSON.stringify([box.class, ...sides]);
    if (seen.has(key)) found.push(createProblem("BOX_DUPLICATE", where, `${boxName} is repeated.`));
    seen.add(key);
  }
  return found;
}

/** Where to correct the label. */
export const locationOf = ({ at, file }: Sample): { file: string; line?: number } =>
  at ?? { file: file ?? "(text)" };

export const nameOf = ({ file, text = "" }: Sample): string =>
  file ?? `The text "${text.length > 40 ? `${text.slice(0, 40)}...` : text}"`;
