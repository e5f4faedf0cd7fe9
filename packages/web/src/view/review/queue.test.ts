import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { expect, test } from "vitest";
import { Queue } from "./queue.ts";

const one = (id: string, status = "open", model = "cats") =>
  ({ id, model, review: { status, reason: "requested", openedAt: "2026-11-21T04:00:00Z" } }) as Prediction;
const ids = (queue: Queue) => queue.items.value.map(({ id }) => id);

function paged(...pages: string[][]) {
  const asked: (string | undefined)[] = [];
  return {
    asked,
    read: (cursor: string | undefined) => {
      asked.push(cursor);
      const at = Number(cursor ?? 0);
      const next = at + 1 < pages.length ? String(at + 1) : undefined;
      return Promise.resolve({ items: pages[at]!.map((id) => one(id)), cursor: next });
    },
  };
}

test("short and empty pages are followed to the end", async () => {
  const { read, asked } = paged(["a"], [], ["b"]);
  const queue = new Queue("cats", read);
  await queue.more();
  expect(ids(queue)).toEqual(["a", "b"]);
  expect(asked).toEqual([undefined, "1", "2"]);
  expect(queue.ended.value).toBe(true);
});

test("what is settled here or elsewhere leaves, and comes back only where it could not be settled", async () => {
  const queue = new Queue("cats", paged(["a", "b", "c"]).read);
  await queue.more();
  queue.take("a");
  queue.apply(one("b", "settled"));
  expect(ids(queue)).toEqual(["c"]);
  // The list may still hold what the table has let go of.
  queue.apply(one("a"));
  expect(ids(queue)).toEqual(["c"]);
  queue.back(one("a"));
  expect(ids(queue)).toEqual(["a", "c"]);
});

test("what comes in stands in front, once, and of the asked model alone", async () => {
  const queue = new Queue("cats", paged(["a"]).read);
  await queue.more();
  queue.apply(one("new"));
  queue.apply(one("new"));
  queue.apply(one("other", "open", "dogs"));
  expect(ids(queue)).toEqual(["new", "a"]);
});

test("the next page is asked for before the last one is used up", async () => {
  const page = Array.from({ length: 25 }, (_, index) => `a${index}`);
  const { read, asked } = paged(page, ["b"]);
  const queue = new Queue(undefined, read);
  await queue.more();
  expect(asked).toHaveLength(1);
  queue.take("a0");
  await expect.poll(() => ids(queue).at(-1)).toBe("b");
});

test("a failure is told, and the next attempt goes on where it stood", async () => {
  let fails = true;
  const { read } = paged(["a"]);
  const queue = new Queue("cats", (cursor) => (fails ? Promise.reject(new Error("down")) : read(cursor)));
  await queue.more();
  expect(queue.error.value?.message).toBe("down");
  fails = false;
  await queue.more();
  expect(ids(queue)).toEqual(["a"]);
  expect(queue.error.value).toBeUndefined();
});
