// A result as people read it.
import type { Result } from "@sluice/core/inference/result.ts";
import { paint, plain, say, table } from "../output.ts";

export interface Predicted {
  file: string;
  result: Result;
  /** By which way it was made. */
  path: "endpoint" | "local";
  ms: number;
}

/** Boxes, the surest first; more than a screen of them helps nobody. */
const SHOWN = 20;

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

export function showOne({ result, ms }: Predicted) {
  const { gate } = result;
  const verdict = gate.passed ? paint("green", "passes the gate") : paint("yellow", "below the gate");
  if (result.task === "object-detection") {
    say(`${result.detections.length} found  (threshold ${gate.threshold})`);
    for (const { class: name, confidence, box } of result.detections.slice(0, SHOWN))
      say(
        `  ${plain(name)} ${confidence.toFixed(3)}  x ${box.x.toFixed(0)} y ${box.y.toFixed(0)} ${box.width.toFixed(0)} x ${box.height.toFixed(0)}`,
      );
    const more = result.detections.length - SHOWN;
    if (more > 0) say(paint("dim", `  and ${more} more, less sure: --json tells all`));
  } else {
    const [best, ...rest] = ranked(result);
    say(
      `${paint("bold", plain(best!.class))} ${percent(best!.probability)}  ${verdict} at ${gate.threshold}`,
    );
    for (const { class: name, probability } of rest.slice(0, 5))
      say(paint("dim", `  ${plain(name)} ${percent(probability)}`));
  }
  say(paint("dim", `${result.modelVersion} at ${result.endpoint}, ${Math.round(ms)} ms`));
}

export function showMany(all: Predicted[]) {
  say(
    table(all, [
      { title: "file", value: ({ file }) => file },
      { title: "finding", value: ({ result }) => finding(result) },
      {
        title: "gate",
        value: ({ result }) => (result.gate.passed ? "passed" : "below"),
        style: ({ result }) => (result.gate.passed ? "green" : "yellow"),
      },
      { title: "by", value: ({ result }) => result.endpoint },
      { title: "version", value: ({ result }) => result.modelVersion },
      { title: "ms", value: ({ ms }) => Math.round(ms) },
    ]),
  );
}

function finding(result: Result): string {
  if (result.task === "object-detection") return `${result.detections.length} found`;
  const [best] = ranked(result);
  return `${best!.class} ${percent(best!.probability)}`;
}

const ranked = (result: Exclude<Result, { task: "object-detection" }>) =>
  result.task === "text-classification" ? result.scores : result.probabilities;
