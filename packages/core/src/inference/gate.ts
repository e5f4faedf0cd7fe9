import type { Gate } from "./result.ts";
import type { Answer } from "./answer.ts";

export interface Thresholds {
  threshold: number;
  perClass: Readonly<Record<string, number>>;
}

export const thresholdOf = (gate: Thresholds, name: string) => gate.perClass[name] ?? gate.threshold;

/**
 * A classification passes when its strongest class reaches that class's threshold. A detection passes when at least one
 * box does, or when there is none at all: a picture of nothing is an answer, a picture of doubts is not.
 */
export function judge(answer: Answer, gate: Thresholds): Gate {
  const findings =
    answer.task === "object-detection"
      ? answer.detections.map(({ class: name, confidence }) => ({ name, confidence }))
      : answer.predictions.map(({ class: name, probability }) => ({ name, confidence: probability }));
  const strongest = findings.reduce<(typeof findings)[number] | undefined>(
    (best, next) => (best && best.confidence >= next.confidence ? best : next),
    undefined,
  );
  if (!strongest) return { threshold: gate.threshold, passed: true };
  // A box judged alone may pass by its own class's lower threshold though it is not the strongest.
  const passing = answer.task === "object-detection" ? findings : [strongest];
  return {
    threshold: thresholdOf(gate, strongest.name),
    passed: passing.some(({ name, confidence }) => confidence >= thresholdOf(gate, name)),
    confidence: strongest.confidence,
    class: strongest.name,
  };
}
