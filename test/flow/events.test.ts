// A state change and its event are one thing: both written or neither, and published in the end.
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { db } from "@sluice/core/db.ts";
import { listEvents } from "@sluice/core/event/list.ts";
import { republishPending } from "@sluice/core/event/republish-pending.ts";
import { commit } from "@sluice/core/event/record.ts";
import type { StoredEvent } from "@sluice/core/events.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { edges } from "./edges.ts";
import { stage } from "./stage.ts";

let cloud: Awaited<ReturnType<typeof stage>>;
const { bus, works, events } = edges();
beforeAll(async () => {
  cloud = await stage();
});
afterAll(() => cloud.dispose());
beforeEach(() => works());

const start = Date.parse("2026-10-30T12:00:00Z");
const minute = 60_000;

const labelled = (id: string, model = "cats"): StoredEvent => ({
  type: "labels.changed",
  detail: {
    id,
    model,
    added: 1,
    changed: 0,
    removed: 0,
    source: "test",
    changedAt: new Date(start).toISOString(),
  },
});

/** A state change that happens once: a second is refused by its condition. */
const once =
  (name: string) =>
  ({ token }: Parameters<Parameters<typeof commit>[2]>[0]) => [
    token.create({ hash: name, name, scopes: ["read"], createdAt: "now" }).commit(),
  ];

const state = async (hash: string) => (await db().entities.token.get({ hash }).go()).data;

test("a change is published once; a change whose condition failed is not", async () => {
  expect(await commit([labelled("imp_a")], start, once("a"))).toBe(true);
  expect(await commit([labelled("imp_a")], start, once("a"))).toBe(false);
  expect(events()).toMatchObject([{ type: "labels.changed", detail: { id: "imp_a" } }]);
  expect((await listEvents({ subject: "imp_a" }, start)).items).toHaveLength(1);
  expect(await republishPending(start + minute)).toBe(0);
});

test("an event that EventBridge rejects is published by the reconciler, once", async () => {
  bus.on(PutEventsCommand).rejectsOnce(new Error("no network"));
  expect(await commit([labelled("imp_b")], start, once("b"))).toBe(true);
  expect(await state("b")).toBeTruthy();
  works();
  // The one who wrote it may still be about to publish it.
  expect(await republishPending(start + 1_000)).toBe(0);
  bus
    .on(PutEventsCommand)
    .resolvesOnce({ FailedEntryCount: 1, Entries: [{ ErrorCode: "ThrottlingException" }] });
  expect(await republishPending(start + minute)).toBe(0);
  works();
  expect(await republishPending(start + minute)).toBe(1);
  expect(events()).toMatchObject([{ detail: { id: "imp_b" } }]);
  expect(await republishPending(start + minute)).toBe(0);
});

test("an event that does not match its schema changes nothing", async () => {
  const wrong = { type: "labels.changed", detail: { id: "imp_c", model: "cats" } } as StoredEvent;
  await expect(commit([wrong], start, once("c"))).rejects.toMatchObject({ code: "EVENT_INVALID" });
  expect(await state("c")).toBeNull();
});

test("events are listed newest first across months, by model, type, subject and time, in pages", async () => {
  for (let index = 0; index < 7; index++) {
    const model = index % 2 ? "vehicles" : "drones";
    const at = start + index * 86_400_000;
    await commit([labelled(`imp_list${index}`, model)], at, once(`list${index}`));
  }
  const now = start + 8 * 86_400_000;
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listEvents({ model: "drones", limit: 3, cursor }, now);
    seen.push(...page.items.map(({ subject }) => subject));
    cursor = page.cursor;
  } while (cursor);
  expect(seen).toEqual(["imp_list6", "imp_list4", "imp_list2", "imp_list0"]);
  const subjects = async (query: object) =>
    (await listEvents(query, now)).items
      .map(({ subject }) => subject)
      .filter((name) => name.startsWith("imp_list"));
  const iso = (index: number) => new Date(start + index * 86_400_000).toISOString();
  expect(await subjects({ from: iso(2), to: iso(4) })).toEqual(["imp_list3", "imp_list2"]);
  expect(await subjects({ subject: "imp_list5" })).toEqual(["imp_list5"]);
  expect(await subjects({ subject: "imp_list5", model: "drones" })).toEqual([]);
  expect(await subjects({ type: "training.changed" })).toEqual([]);
  await expect(listEvents({ type: "nonsense" }, now)).rejects.toMatchObject({
    hint: expect.stringContaining("labels.changed"),
  });
  await expect(listEvents({ model: "dogs" }, now)).rejects.toMatchObject({ code: "MODEL_UNKNOWN" });
  await expect(listEvents({ cursor: "x" }, now)).rejects.toMatchObject({ code: "CURSOR_INVALID" });
});
