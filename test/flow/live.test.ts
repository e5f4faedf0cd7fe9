// Live updates under load and after a long absence: nothing is left out, nothing is told twice.
import { db } from "@sluice/core/db.ts";
import { watchPredictions } from "@sluice/core/prediction/watch.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stage } from "./stage.ts";

let cloud: Awaited<ReturnType<typeof stage>>;
beforeAll(async () => {
  cloud = await stage();
});
afterAll(() => cloud.dispose());

const changed = (id: string, changedAt: string) => ({
  id,
  model: "vehicles",
  task: "image-classification" as const,
  status: "completed" as const,
  source: { bucket: "uploads", key: id },
  attempts: 1,
  createdAt: changedAt,
  day: changedAt.slice(0, 10),
  bucket: changedAt.slice(0, 10),
  changedAt,
  changedDay: changedAt.slice(0, 10),
});

/** What is told from `since` until the line was read `turns` times. */
async function told(since: string, now: string, turns: number) {
  const over = new AbortController();
  let left = turns;
  const around = {
    print: () => {},
    now: () => Date.parse(now),
    random: () => 0,
    sleep: async () => {
      left -= 1;
      if (left === 0) over.abort();
    },
  };
  const ids: string[] = [];
  for await (const { id } of watchPredictions({ since, signal: over.signal }, around)) ids.push(id);
  return ids;
}

test("more changes at one moment than a page holds are each streamed once", async () => {
  const items = Array.from({ length: 1_100 }, (_, index) => changed(`b${index}`, "2026-11-21T04:00:00.000Z"));
  await db().entities.prediction.put(items).go();
  const ids = await told("2026-11-21T03:59:59.000Z", "2026-11-21T04:00:01.000Z", 3);
  expect(ids).toHaveLength(1_100);
  expect(new Set(ids).size).toBe(1_100);
});

test("a client that returns after days receives the changes of every day", async () => {
  const days = ["2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04"];
  await db()
    .entities.prediction.put(days.map((day) => changed(`d${day}`, `${day}T12:00:00.000Z`)))
    .go();
  expect(await told("2026-10-01T13:00:00.000Z", "2026-10-04T13:00:00.000Z", 2)).toEqual(
    days.slice(1).map((day) => `d${day}`),
  );
});
