import type { Gate } from "./result.ts";
import type { ModelResponse } from "./response.ts";

export interface Thresholds {
  threshold: number;
  perClass: Readonly<Record<string, number>>;
}

export const thresholdOf = (gate: Thresholds, name: string) => gate.perClass[name] ?? gate.threshold;

/**
 * A classification passes when its strongest class reaches that class's threshold. A detection passes when a box
 * reaches its class's threshold, or when there is no box at all.
 */
export function applyGate(response: ModelResponse, gate: Thresholds): Gate {
  const findings =
    response.task === "object-detection"
      ? response.detections.map(({ class: name, confidence }) => ({ name, confidence }))
      : response.predictions.map(({ class: name, probability }) => ({ name, confidence: probability }));
  const strongest = findings.reduce<(typeof findings)[number] | undefined>(
    (best, next) => (best && best.confidence >= next.confidence ? best : next),
    undefined,
  );
  if (!strongest) return { threshold: gate.threshold, passed: true };
  // A box other than the strongest may pass by a lower threshold of its class.
  const passing = response.task === "object-detection" ? findings : [strongest];
  return {
    threshold: thresholdOf(gate, strongest.name),
    passed: passing.some(({ name, confidence }) => confidence >= thresholdOf(gate, name)),
    confidence: strongest.confidence,
    class: strongest.name,
  };
}
