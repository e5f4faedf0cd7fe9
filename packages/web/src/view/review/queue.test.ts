import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { expect, test } from "vitest";
import { Queue } from "./queue.ts";

const one = (id: string, status = "open", model = "cats") =>
  ({ id, model, review: { status, reason: "requested", openedAt: "2026-11-21T04:00:00Z" } }) as Prediction;
const ids = (queue: Queue) => queue.items.value.map(({ id }) => id);

function paged(...pages: string[][]) {
  const cursors: (string | undefined)[] = [];
  return {
    cursors,
    read: (cursor: string | undefined) => {
      cursors.push(cursor);
      const at = Number(cursor ?? 0);
      const next = at + 1 < pages.length ? String(at + 1) : undefined;
      return Promise.resolve({ items: pages[at]!.map((id) => one(id)), cursor: next });
    },
  };
}

test("short and empty pages are followed to the end", async () => {
  const { read, cursors } = paged(["a"], [], ["b"]);
  const queue = new Queue("cats", read);
  await queue.loadMore();
  expect(ids(queue)).toEqual(["a", "b"]);
  expect(cursors).toEqual([undefined, "1", "2"]);
  expect(queue.ended.value).toBe(true);
});

test("a closed review is removed, and added again only if its verdict could not be saved", async () => {
  const queue = new Queue("cats", paged(["a", "b", "c"]).read);
  await queue.loadMore();
  queue.remove("a");
  queue.update(one("b", "resolved"));
  expect(ids(queue)).toEqual(["c"]);
  // A page may still contain a closed review.
  queue.update(one("a"));
  expect(ids(queue)).toEqual(["c"]);
  queue.restore(one("a"));
  expect(ids(queue)).toEqual(["a", "c"]);
});

test("a new review is added in front, once, and only for the model of the queue", async () => {
  const queue = new Queue("cats", paged(["a"]).read);
  await queue.loadMore();
  queue.update(one("new"));
  queue.update(one("new"));
  queue.update(one("other", "open", "dogs"));
  expect(ids(queue)).toEqual(["new", "a"]);
});

test("the next page is loaded before the queue is empty", async () => {
  const page = Array.from({ length: 25 }, (_, index) => `a${index}`);
  const { read, cursors } = paged(page, ["b"]);
  const queue = new Queue(undefined, read);
  await queue.loadMore();
  expect(cursors).toHaveLength(1);
  queue.remove("a0");
  await expect.poll(() => ids(queue).at(-1)).toBe("b");
});

test("after an error, the next attempt continues at the same page", async () => {
  let fails = true;
  const { read } = paged(["a"]);
  const queue = new Queue("cats", (cursor) => (fails ? Promise.reject(new Error("down")) : read(cursor)));
  await queue.loadMore();
  expect(queue.error.value?.message).toBe("down");
  fails = false;
  await queue.loadMore();
  expect(ids(queue)).toEqual(["a"]);
  expect(queue.error.value).toBeUndefined();
});
