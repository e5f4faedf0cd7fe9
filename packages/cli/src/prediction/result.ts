// Results of `sluice predict`.
import type { Result } from "@sluice/core/inference/result.ts";
import { paint, print, sanitize, printTable } from "../terminal/output.ts";

export interface FileResult {
  file: string;
  result: Result;
  path: "endpoint" | "local";
  ms: number;
}

const MAX_BOXES = 20;

const formatPercent = (share: number) => `${(share * 100).toFixed(1)} %`;

export function showResult({ result, ms }: FileResult) {
  const { gate } = result;
  if (result.task === "object-detection") {
    print(`${result.detections.length} objects  (threshold ${gate.threshold})`);
    for (const { class: name, confidence, box } of result.detections.slice(0, MAX_BOXES))
      print(
        `  ${sanitize(name)} ${confidence.toFixed(3)}  x ${box.x.toFixed(0)} y ${box.y.toFixed(0)} ${box.width.toFixed(0)} x ${box.height.toFixed(0)}`,
      );
    const more = result.detections.length - MAX_BOXES;
    if (more > 0) print(paint("dim", `  and ${more} more with lower confidence; --json prints all`));
  } else {
    const [best, ...rest] = classScores(result);
    const outcome = gate.passed ? paint("green", "above threshold") : paint("yellow", "below threshold");
    print(
      `${paint("bold", sanitize(best!.class))} ${formatPercent(best!.probability)}  ${outcome} ${gate.threshold}`,
    );
    for (const { class: name, probability } of rest.slice(0, 5))
      print(paint("dim", `  ${sanitize(name)} ${formatPercent(probability)}`));
  }
  print(paint("dim", `version ${result.modelVersion} on ${result.endpoint}, ${Math.round(ms)} ms`));
}

export function showResults(results: FileResult[]) {
  printTable(results, [
    { title: "file", value: ({ file }) => file },
    { title: "result", value: ({ result }) => formatResult(result) },
    {
      title: "threshold",
      value: ({ result }) => (result.gate.passed ? "above" : "below"),
      style: ({ result }) => (result.gate.passed ? "green" : "yellow"),
    },
    { title: "endpoint", value: ({ result }) => result.endpoint },
    { title: "version", value: ({ result }) => result.modelVersion },
    { title: "ms", value: ({ ms }) => Math.round(ms) },
  ]);
}

function formatResult(result: Result): string {
  if (result.task === "object-detection") return `${result.detections.length} objects`;
  const [best] = classScores(result);
  return `${best!.class} ${formatPercent(best!.probability)}`;
}

/** Highest probability first. */
const classScores = (result: Exclude<Result, { task: "object-detection" }>) =>
  result.task === "text-classification" ? result.scores : result.probabilities;
