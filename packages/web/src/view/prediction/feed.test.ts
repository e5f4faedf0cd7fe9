import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { expect, test } from "vitest";
import { Feed, type ReadPage } from "./feed.ts";

const prediction = (id: string, second: number, more: Partial<Prediction> = {}): Prediction => {
  const at = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  return {
    id,
    model: "a",
    task: "image-classification",
    status: "completed",
    source: { bucket: "uploads", key: `uploads/a/${id}` },
    attempts: 1,
    createdAt: at,
    changedAt: at,
    ...more,
  };
};

/** Pages like those of the API: some short, some empty, the last without a cursor. */
const pages =
  (byModel: Record<string, Prediction[][]>): ReadPage =>
  async ({ model, cursor = "0" }) => {
    const at = Number(cursor);
    const all = byModel[model]!;
    return { items: [...all[at]!], cursor: at + 1 < all.length ? String(at + 1) : undefined };
  };

const ids = (feed: Feed) => feed.items.value.map(({ id }) => id);

async function loadAll(feed: Feed) {
  while (!feed.ended.value) await feed.loadMore();
  return ids(feed);
}

test("the predictions of several models are merged, newest first", async () => {
  const b = { model: "b" };
  const read = pages({
    a: [[prediction("a9", 9)], [], [prediction("a3", 3), prediction("a1", 1)]],
    b: [[prediction("b8", 8, b), prediction("b7", 7, b)], [prediction("b2", 2, b)]],
  });
  expect(await loadAll(new Feed({}, ["a", "b"], read))).toEqual(["a9", "b8", "b7", "a3", "b2", "a1"]);
});

test("a live update adds a row on top, replaces a row, or removes one that no longer matches", async () => {
  const feed = new Feed(
    { status: "processing" },
    ["a"],
    pages({ a: [[prediction("a1", 1, { status: "processing" })]] }),
  );
  await loadAll(feed);
  expect(feed.update(prediction("a2", 2, { status: "processing" }))).toBe(1);
  expect(ids(feed)).toEqual(["a2", "a1"]);
  feed.update(prediction("a1", 1, { status: "completed", changedAt: "2027" }));
  expect(ids(feed)).toEqual(["a2"]);
});

test("an older update does not replace a newer one, and a repeated update adds no row", async () => {
  const feed = new Feed({}, ["a"], pages({ a: [[]] }));
  await loadAll(feed);
  feed.update(prediction("a1", 5));
  feed.update(prediction("a1", 5, { status: "pending", changedAt: "2025" }));
  feed.update(prediction("a1", 5));
  expect(feed.items.value.map(({ status }) => status)).toEqual(["completed"]);
});

test("an update of a prediction that is not loaded yet is ignored until its page is loaded", async () => {
  const feed = new Feed({}, ["a"], pages({ a: [[prediction("a9", 9)], [prediction("a1", 1)]] }));
  await feed.loadMore();
  feed.update(prediction("a1", 1, { changedAt: "2027" }));
  expect(ids(feed)).toEqual(["a9"]);
  expect(await loadAll(feed)).toEqual(["a9", "a1"]);
});

test("a failed page is reported and can be loaded again", async () => {
  let fails = true;
  const feed = new Feed({}, ["a"], async () => {
    if (fails) throw new Error("no network");
    return { items: [prediction("a1", 1)] };
  });
  await feed.loadMore();
  expect(feed.error.value?.message).toBe("no network");
  fails = false;
  expect(await loadAll(feed)).toEqual(["a1"]);
  expect(feed.error.value).toBeUndefined();
});
