// The list of changes, which clients of live updates read after a lost connection: complete, in order, page by page.
import { db } from "@sluice/core/db.ts";
import { listChanges } from "@sluice/core/prediction/changes.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stage } from "./stage.ts";

let cloud: Awaited<ReturnType<typeof stage>>;
beforeAll(async () => {
  cloud = await stage();
});
afterAll(() => cloud.dispose());

const changed = (id: string, changedAt: string, model = "vehicles") => ({
  id,
  model,
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

async function readAll(query: { from: string; model?: string; limit?: number }, now: string) {
  const ids: string[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const page = await listChanges({ ...query, cursor }, Date.parse(now));
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.cursor;
    pages++;
  } while (cursor !== undefined);
  return { ids, pages };
}

test("more changes at one moment than a page holds are each listed once", async () => {
  const at = "2026-11-21T04:00:00.000Z";
  const items = Array.from({ length: 1_100 }, (_, index) => changed(`b${index}`, at));
  await db().entities.prediction.put(items).go();
  const { ids, pages } = await readAll({ from: at }, "2026-11-21T04:00:01.000Z");
  expect(ids).toHaveLength(1_100);
  expect(new Set(ids).size).toBe(1_100);
  expect(pages).toBe(3);
});

test("after weeks the changes of every day are listed in order, of one model if asked", async () => {
  const days = ["2026-10-01", "2026-10-02", "2026-10-14", "2026-10-25"];
  await db()
    .entities.prediction.put([
      ...days.map((day) => changed(`d${day}`, `${day}T12:00:00.000Z`)),
      changed("other", "2026-10-03T12:00:00.000Z", "cats"),
    ])
    .go();
  const query = { from: "2026-10-01T13:00:00.000Z", model: "vehicles" };
  const expected = days.slice(1).map((day) => `d${day}`);
  expect((await readAll(query, "2026-10-25T13:00:00.000Z")).ids).toEqual(expected);
  expect((await readAll({ ...query, limit: 1 }, "2026-10-25T13:00:00.000Z")).ids).toEqual(expected);
});

test("an unknown model, a damaged cursor and a cursor of another query are errors", async () => {
  const from = "2026-10-01T13:00:00.000Z";
  const now = Date.parse(from);
  await expect(listChanges({ from, model: "dogs" }, now)).rejects.toMatchObject({ code: "MODEL_UNKNOWN" });
  await expect(listChanges({ from, cursor: "x" }, now)).rejects.toMatchObject({ code: "CURSOR_INVALID" });
  await expect(listChanges({ from: "yesterday" }, now)).rejects.toMatchObject({ code: "INPUT_INVALID" });
});
