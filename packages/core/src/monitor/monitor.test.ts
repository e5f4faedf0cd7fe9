import { expect, test } from "vitest";
import { createIdSet } from "./id-set.ts";
import { parseCapture } from "./item.ts";
import { nextRun, scheduledBounds } from "./schedule.ts";

const gate = { threshold: 0.5, perClass: { door: 0.2 } };
const at = (time: string) => Date.parse(`2026-11-${time}Z`);

function line(response: object, metadata: object = {}, encoding = "JSON") {
  const data = JSON.stringify(response);
  return JSON.stringify({
    captureData: {
      endpointInput: { observedContentType: "application/json", mode: "INPUT", data: "{}", encoding: "JSON" },
      endpointOutput: {
        observedContentType: "application/json; charset=utf-8",
        mode: "OUTPUT",
        data: encoding === "BASE64" ? Buffer.from(data).toString("base64") : data,
        encoding,
      },
    },
    eventMetadata: { eventId: "e1", inferenceTime: "2026-11-21T04:00:05Z", ...metadata },
    eventVersion: "0",
  });
}

const classified = {
  model: "cats",
  version: "v1",
  task: "image-classification",
  timing: {},
  predictions: [
    { class: "Chi", probability: 0.2 },
    { class: "Mu", probability: 0.8 },
  ],
  descriptors: { brightness: 120.5, script: "Latin", embedding: "AAEC", broken: null },
};
const cats = { task: "image-classification", gate } as const;

test("a capture of a classifier becomes an item with descriptors", () => {
  expect(parseCapture(line(classified, { inferenceId: "prd_1" }), cats)).toEqual({
    version: "v1",
    item: {
      id: "prd_1",
      at: at("21T04:00:05"),
      class: "Mu",
      confidence: 0.8,
      probabilities: [0.2, 0.8],
      numbers: { brightness: 120.5 },
      categories: { script: "Latin" },
      embedding: "AAEC",
    },
  });
});

test("base64, as SageMaker captures without content types, and a capture without inference id are read", () => {
  expect(parseCapture(line(classified, {}, "BASE64"), cats)?.item).toMatchObject({ id: "e1", class: "Mu" });
});

test("the boxes of a detector are those that reach the gate of their class", () => {
  const box = { x: 1, y: 2, width: 3, height: 4 };
  const detected = {
    model: "plans",
    version: "v1",
    task: "object-detection",
    timing: {},
    image: { width: 10, height: 10 },
    detections: [
      { class: "wall", confidence: 0.4, box },
      { class: "door", confidence: 0.3, box },
    ],
  };
  const { item } = parseCapture(line(detected), { task: "object-detection", gate })!;
  expect(item).toMatchObject({ class: "wall", confidence: 0.4, numbers: {}, categories: {} });
  expect(item.boxes).toMatchObject([{ class: "door", confidence: 0.3 }]);
});

test.each([
  ["no JSON", "oops"],
  ["no capture", "{}"],
  ["another task", line({ ...classified, task: "text-classification" })],
  ["a response that is no prediction", line({ error: "out of memory" })],
  ["a damaged time", line(classified, { inferenceTime: "yesterday" })],
])("%s is malformed", (_, text) => {
  expect(parseCapture(text, cats)).toBeUndefined();
});

test("descriptors of a custom container are bounded, and a damaged embedding is left out", () => {
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`d${index}`, index]));
  const descriptors = { embedding: "no base64!", ["x".repeat(100)]: 1, ...many };
  const { item } = parseCapture(line({ ...classified, descriptors }), cats)!;
  expect(Object.keys(item.numbers)).toHaveLength(50);
  expect(item.embedding).toBeUndefined();
});

test("a set of ids knows each of 100,000 once", () => {
  const ids = createIdSet();
  for (let index = 0; index < 100_000; index++) expect(ids.add(`prd_${index}`)).toBe(true);
  for (let index = 0; index < 100_000; index += 997) expect(ids.add(`prd_${index}`)).toBe(false);
});

test("windows of a schedule end at its multiples, ten minutes after their last hour is complete", () => {
  const bounds = (schedule: "1 day" | "6 hours", now: number) => {
    const { from, to } = scheduledBounds(schedule, undefined, now);
    return [new Date(from).toISOString(), new Date(to).toISOString()];
  };
  const today = ["2026-11-20T00:00:00.000Z", "2026-11-21T00:00:00.000Z"];
  expect(bounds("1 day", at("21T00:09:59"))).toEqual([
    "2026-11-19T00:00:00.000Z",
    "2026-11-20T00:00:00.000Z",
  ]);
  expect(bounds("1 day", at("21T00:10:00"))).toEqual(today);
  expect(bounds("1 day", at("21T23:59:59"))).toEqual(today);
  expect(bounds("6 hours", at("21T13:00:00"))[1]).toBe("2026-11-21T12:00:00.000Z");
  expect(new Date(nextRun("1 day", at("21T13:00:00"))).toISOString()).toBe("2026-11-22T00:10:00.000Z");
});

test("a window starts after the last one that was compared, within 30 days", () => {
  const now = at("21T13:00:00");
  const fromAfter = (status: "ok" | "insufficient", from: string, to: string) =>
    new Date(scheduledBounds("1 day", { status, from, to }, now).from).toISOString();
  const [first, second] = ["2026-11-17T00:00:00.000Z", "2026-11-18T00:00:00.000Z"];
  expect(fromAfter("ok", first, second)).toBe(second);
  expect(fromAfter("insufficient", first, second)).toBe(first);
  expect(fromAfter("ok", "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z")).toBe(
    "2026-10-22T00:00:00.000Z",
  );
});
