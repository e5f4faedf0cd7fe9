// Reads a response of the engine as a monitored item: in an evaluation, and from a captured prediction.
import type { MonitoredItem } from "./item.ts";

/** The part of a response that monitoring needs. Descriptors may be absent: another image than the engine's has none. */
export interface MonitoredResponse {
  predictions?: readonly { class: string; probability: number }[];
  detections?: readonly { class: string; confidence: number }[];
  descriptors?: object;
}

interface Origin {
  id: string;
  /** Epoch ms. */
  at: number;
  /** Of a detector: whether a box reaches the gate. */
  reachesGate(box: { class: string; confidence: number }): boolean;
}

export function toMonitoredItem(
  { predictions, detections, descriptors = {} }: MonitoredResponse,
  { id, at, reachesGate }: Origin,
): MonitoredItem {
  const { embedding, ...measures } = descriptors as { embedding?: unknown };
  return {
    id,
    at,
    ...(predictions && ofClassifier(predictions)),
    ...(detections && { ...strongest(detections), boxes: detections.filter(reachesGate) }),
    numbers: entriesOf(measures, (value) => typeof value === "number" && Number.isFinite(value)),
    categories: entriesOf(measures, (value) => typeof value === "string"),
    ...(typeof embedding === "string" && { embedding }),
  };
}

function ofClassifier(predictions: readonly { class: string; probability: number }[]) {
  const scored = predictions.map(({ class: name, probability }) => ({
    class: name,
    confidence: probability,
  }));
  return { ...strongest(scored), probabilities: predictions.map(({ probability }) => probability) };
}

/** Nothing for an image without objects. */
function strongest(scored: readonly { class: string; confidence: number }[]) {
  const [first, ...rest] = scored;
  if (first === undefined) return {};
  const { class: name, confidence } = rest.reduce(
    (most, one) => (one.confidence > most.confidence ? one : most),
    first,
  );
  return { class: name, confidence };
}

function entriesOf<Value>(measures: object, accepts: (value: unknown) => boolean): Record<string, Value> {
  return Object.fromEntries(Object.entries(measures).filter(([, value]) => accepts(value))) as Record<
    string,
    Value
  >;
}
