// What is wrong with one label, as far as it can be told without its file.
import type { Task } from "@sluice/models/index.ts";
import { type Box, isLabelled, type Labelled } from "../format/labelled.ts";
import { type Problem, problem, problems } from "../format/problem.ts";
import { isFlat } from "./box.ts";
import { nearest } from "./nearest.ts";

export interface Rules {
  task: Task;
  /** None where no model says which there are. */
  classes?: readonly string[];
}

/** Pixels. Detectors see pictures scaled down: what is smaller leaves nothing. */
const TINY = 3;

export function labelProblems(item: Labelled, { task, classes }: Rules): Problem[] {
  const found: Problem[] = [];
  const where = placeOf(item);
  const subject = nameOf(item);
  if (item.text !== undefined && item.text.trim() === "")
    found.push(problem("TEXT_EMPTY", where, `${subject} is empty.`));
  if (!isLabelled(item)) {
    found.push(problem("UNLABELLED", where, `${subject} has neither a class nor boxes.`));
    return found;
  }
  const detects = task === "object-detection";
  if (detects !== (item.boxes !== undefined))
    found.push(
      problem(
        "KIND_WRONG",
        where,
        `${subject} has ${detects ? "a class and no boxes" : "boxes and no class"}; ${task} needs ${detects ? "boxes" : "a class"}.`,
      ),
    );
  const names = item.label === undefined ? item.boxes!.map((box) => box.class) : [item.label];
  for (const name of new Set(names)) {
    if (!classes || classes.includes(name)) continue;
    const meant = nearest(name, classes);
    const fix = meant === undefined ? problems.CLASS_UNKNOWN.fix : `Write "${meant}", if that is meant.`;
    found.push(
      problem(
        "CLASS_UNKNOWN",
        where,
        `${subject} is labelled "${name}", which the model does not have.`,
        fix,
      ),
    );
  }
  return [...found, ...boxProblems(item.boxes ?? [], subject, where)];
}

function boxProblems(boxes: readonly Box[], subject: string, where: { file: string }): Problem[] {
  const found: Problem[] = [];
  const seen = new Set<string>();
  for (const [index, box] of boxes.entries()) {
    const sides = [box.x, box.y, box.width, box.height];
    const which = `Box ${index + 1} (${box.class}) of ${subject}`;
    if (isFlat(box))
      found.push(problem("BOX_INVALID", where, `${which} is ${box.width} by ${box.height} pixels.`));
    else if (box.width < TINY || box.height < TINY)
      found.push(problem("BOX_TINY", where, `${which} is only ${box.width} by ${box.height} pixels.`));
    const same = JSON.stringify([box.class, ...sides]);
    if (seen.has(same)) found.push(problem("BOX_DUPLICATE", where, `${which} is there twice.`));
    seen.add(same);
  }
  return found;
}

/** Where the label can be corrected. */
export const placeOf = ({ at, file }: Labelled): { file: string; line?: number } =>
  at ?? { file: file ?? "(text)" };

export const nameOf = ({ file, text = "" }: Labelled): string =>
  file ?? `The text "${text.length > 40 ? `${text.slice(0, 40)}...` : text}"`;
