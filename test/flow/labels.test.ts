// Labels in the table: concurrent writers and exact counts.
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { countLabels, getLabel, listLabels, streamLabels } from "@sluice/core/label/read.ts";
import { removeLabel, setLabel } from "@sluice/core/label/set.ts";
import { labelWriter } from "@sluice/core/label/writer.ts";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stage } from "./stage.ts";

const NOW = Date.parse("2026-11-21T04:00:00Z");
const at = (minute: number) => new Date(NOW + minute * 60_000).toISOString();
const CLASSES = ["car", "truck", "bus"];
const KEYS = 900;

let cloud: Awaited<ReturnType<typeof stage>>;
const bus = mockClient(EventBridgeClient);
beforeAll(async () => {
  cloud = await stage();
  bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
}, 60_000);
afterAll(() => cloud.dispose());

const importAll = async (source: string, minute: number, classOf: (key: number) => string) => {
  const into = labelWriter({ model: "vehicles", source, now: NOW });
  for (let key = 0; key < KEYS; key++)
    await into.add({ key: `data/vehicles/${key}.jpg`, label: classOf(key), labelledAt: at(minute) });
  return into.end();
};

const recounted = async (model: string) => {
  const found = new Map<string, number>();
  for await (const { label } of streamLabels(model)) found.set(label!, (found.get(label!) ?? 0) + 1);
  return found;
};

test("concurrent writers lose nothing: the latest label wins, and all counts are exact", async () => {
  const outcomes = await Promise.all([
    importAll("early", 1, (key) => CLASSES[key % 3]!),
    importAll("late", 3, (key) => CLASSES[(key + 1) % 3]!),
    importAll("between", 2, () => "bus"),
  ]);
  expect(outcomes.reduce((sum, { added }) => sum + added, 0)).toBe(KEYS);
  for (const outcome of outcomes)
    expect(Object.values(outcome).reduce((sum, one) => sum + one, 0)).toBe(KEYS);
  const found = await recounted("vehicles");
  expect(Object.fromEntries(found)).toEqual({ car: 300, truck: 300, bus: 300 });
  const { total, classes } = await countLabels("vehicles");
  expect(total).toBe(KEYS);
  for (const { class: name, items } of classes) expect(items, name).toBe(found.get(name) ?? 0);
  for await (const { key, label } of streamLabels("vehicles"))
    expect(label).toBe(CLASSES[(Number(/(\d+)\.jpg/.exec(key)![1]) + 1) % 3]);
  expect(await importAll("late", 3, (key) => CLASSES[(key + 1) % 3]!)).toMatchObject({ unchanged: KEYS });
}, 60_000);

test("equal labels in another format change nothing, and their other fields are merged", async () => {
  const say = async (
    ...said: Omit<Parameters<ReturnType<typeof labelWriter>["add"]>[0], "key" | "labelledAt">[]
  ) => {
    const into = labelWriter({ model: "drones", source: "formats", now: NOW });
    for (const [number, one] of said.entries())
      await into.add({ key: `data/drones/format-${number}.png`, labelledAt: at(1), ...one });
    return into.end();
  };
  const box = (x: number, name: string) => ({ class: name, x, y: 20.5, width: 30, height: 40 });
  const [first, second] = [box(10, "drone"), box(70, "drone")];
  expect(await say({ boxes: [first, second] }, { boxes: [] })).toMatchObject({ added: 2 });
  // Like YOLO: rounded fractions of the image, in another order, with the image size.
  const shares = { boxes: [second, { ...first, x: 10.000_02 }], image: { width: 640, height: 480 } };
  expect(await say(shares, { boxes: [] })).toMatchObject({ changed: 0, unchanged: 2 });
  // Like COCO: with other fields.
  const extra = { licence: 3 };
  const crowd = { boxes: [{ ...first, extra: { iscrowd: 0 } }, second], extra };
  expect(await say(crowd, { boxes: [], extra })).toMatchObject({ changed: 0, unchanged: 2 });
  expect(await getLabel("drones", "data/drones/format-0.png")).toMatchObject({
    ...crowd,
    image: shares.image,
  });
  expect(await getLabel("drones", "data/drones/format-0.png")).not.toHaveProperty("history");
  expect(await say({ boxes: [first] }, { boxes: [first] })).toMatchObject({ changed: 2 });
});

test("a redelivered import counts the labels that it wrote before its function died", async () => {
  const keys = Array.from({ length: 400 }, (_, number) => `data/cats/${number}.jpg`);
  const importAll = async (
    { importId, again, minute }: { importId: string; again: boolean; minute: number },
    some: string[],
    label: string,
  ) => {
    const into = labelWriter({ model: "cats", source: "labels.csv", now: NOW, importId, redelivered: again });
    for (const key of some) await into.add({ key, label, labelledAt: at(minute) });
    return into.end();
  };
  await importAll({ importId: "imp_old", again: false, minute: 1 }, keys.slice(0, 100), "Mu");
  // The first try dies after these.
  await importAll({ importId: "imp_new", again: false, minute: 2 }, keys.slice(50, 250), "Wolf");
  const whole = await importAll({ importId: "imp_new", again: true, minute: 2 }, keys.slice(50), "Wolf");
  expect(whole).toEqual({ added: 300, changed: 50, unchanged: 0, older: 0, removed: 0 });
  // Another import of equal labels changes nothing.
  const other = await importAll({ importId: "imp_other", again: true, minute: 3 }, keys.slice(50), "Wolf");
  expect(other).toMatchObject({ added: 0, changed: 0, unchanged: 350 });
});

test("boxes are counted by image and by box, and single labels are set, published and removed", async () => {
  const box = (name: string) => ({ class: name, x: 1, y: 2, width: 3, height: 4 });
  const by = { model: "blueprints", annotator: "ada" };
  const key = "data/blueprints/1.png";
  await setLabel({ ...by, now: NOW, request: { key, boxes: [box("door"), box("door"), box("wall")] } });
  await setLabel({ ...by, now: NOW + 1, request: { key: "data/blueprints/2.png", boxes: [] } });
  const doors = async () => {
    const { total, classes } = await countLabels("blueprints");
    return { total, door: classes.find(({ class: name }) => name === "door") };
  };
  expect(await doors()).toEqual({ total: 2, door: { class: "door", items: 1, boxes: 2 } });
  let cursor: string | undefined;
  const found: string[] = [];
  do {
    const page = await listLabels({ model: "blueprints", class: "door", cursor });
    found.push(...page.items.map((one) => one.key));
    cursor = page.cursor;
  } while (cursor);
  expect(found).toEqual([key]);
  await removeLabel({ ...by, now: NOW + 2, key });
  expect(await doors()).toEqual({ total: 1, door: { class: "door", items: 0, boxes: 0 } });
  const told = bus.commandCalls(PutEventsCommand).map((call) => call.args[0].input.Entries![0]!);
  expect(told.map(({ DetailType }) => DetailType)).toEqual(Array(3).fill("labels.changed"));
  expect(JSON.parse(told[2]!.Detail!)).toMatchObject({ added: 0, removed: 1, source: "ada", keys: [key] });
});

test("a label that does not fit the model is rejected with the reason", async () => {
  const ask = (request: object) => setLabel({ model: "vehicles", annotator: "ada", now: NOW, request });
  await expect(ask({ key: "a", label: "boat" })).rejects.toThrow(/label: "boat" is not one of car, truck/);
  await expect(ask({ key: "a", boxes: [] })).rejects.toThrow(/one class/);
  await expect(ask({ label: "car" })).rejects.toThrow(/name the file/);
  await expect(removeLabel({ model: "vehicles", annotator: "ada", now: NOW, key: "nobody" })).rejects.toThrow(
    /has no label/,
  );
});
