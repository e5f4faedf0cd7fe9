import { expect, test } from "vitest";
import type { Prediction } from "../prediction/prediction.ts";
import { packChanges } from "./message.ts";

const GATEWAY_BYTES = 128 * 1_024;
const predictionOf = (id: number) =>
  ({ id: `prd_${id}`, model: "cats", note: "ü".repeat(5_000) }) as unknown as Prediction;

test("changes are split into messages that the gateway sends, in order and complete", () => {
  const predictions = Array.from({ length: 40 }, (_, index) => predictionOf(index));
  const events = [{ id: "evt_1", type: "labels.changed", subject: "imp_1", model: "cats" }];
  const messages = packChanges({ predictions, events }, "2026-11-21T04:00:00.000Z");
  expect(messages).toHaveLength(4);
  for (const message of messages) expect(Buffer.byteLength(message)).toBeLessThanOrEqual(GATEWAY_BYTES);
  const parsed = messages.map((message) => JSON.parse(message));
  expect(parsed.flatMap((one) => one.predictions)).toEqual(predictions);
  expect(parsed.flatMap((one) => one.events)).toEqual(events);
  for (const one of parsed) expect(one).toMatchObject({ type: "changes", at: "2026-11-21T04:00:00.000Z" });
});

test("without changes there is no message", () => {
  expect(packChanges({ predictions: [], events: [] }, "2026-11-21T04:00:00.000Z")).toEqual([]);
});
