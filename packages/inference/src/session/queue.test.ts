import { expect, test } from "vitest";
import { admission } from "../admission.ts";
import { type Feeds, type Tensor, shapeFor } from "./feeds.ts";
import { type Answered, type Ran, queue } from "./queue.ts";

const feeds = (value: number): Feeds => ({
  x: { type: "float32", data: Float32Array.of(value), dims: [1, 1] },
});
const times = { decodeMs: 0, preprocessMs: 0, inferenceMs: 1, postprocessMs: 0 };

/** A lane that answers ten times what it got, when the test says so. */
function lane(room = 1) {
  const runs: { given: number[]; finish(): void; fail(): void }[] = [];
  return {
    room,
    runs,
    run: (group: Feeds[]) =>
      new Promise<Ran>((resolve, reject) => {
        const given = group.flatMap(({ x }) => [...(x as Tensor).data].map(Number));
        const said = given.map((value) => ({ predictions: [{ class: "it", probability: value * 10 }] }));
        runs.push({ given, finish: () => resolve({ said, times }), fail: () => reject(new Error("no")) });
      }),
  };
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const values = (all: Answered[]) =>
  all.map(({ said }) => ("predictions" in said ? said.predictions[0]!.probability : NaN));

test("whose caller has gone is never run, and those behind it are", async () => {
  const only = lane();
  const ask = queue([only], 1);
  const [gone, stays] = [new AbortController(), new AbortController()];
  const answers = [ask(feeds(1)), ask(feeds(2), gone.signal), ask(feeds(3), stays.signal)] as const;
  gone.abort(new Error("too late"));
  only.runs[0]!.finish();
  await expect(answers[1]).rejects.toThrow("too late");
  await turn();
  only.runs[1]!.finish();
  expect(values([await answers[0], await answers[2]])).toEqual([10, 30]);
  expect(only.runs.map(({ given }) => given)).toEqual([[1], [3]]);
});

test("what waits while the model is busy runs together, up to the limit", async () => {
  const only = lane();
  const ask = queue([only], 3);
  const answers = [1, 2, 3, 4, 5].map((value) => ask(feeds(value)));
  for (let at = 0; at < 3; at++) {
    only.runs[at]!.finish();
    await turn();
  }
  expect(values(await Promise.all(answers))).toEqual([10, 20, 30, 40, 50]);
  expect(only.runs.map(({ given }) => given)).toEqual([[1], [2, 3, 4], [5]]);
});

test("a whole group is laid ready beside the one that runs, fewer go on gathering", async () => {
  const only = lane(2);
  const ask = queue([only], 3);
  const given = () => only.runs.map((run) => run.given);
  const answers = [1, 2, 3].map((value) => ask(feeds(value)));
  expect(given()).toEqual([[1]]);
  answers.push(ask(feeds(4)), ask(feeds(5)));
  expect(given()).toEqual([[1], [2, 3, 4]]);
  only.runs[0]!.finish();
  await turn();
  only.runs[1]!.finish();
  await turn();
  expect(given()).toEqual([[1], [2, 3, 4], [5]]);
  only.runs[2]!.finish();
  expect(values(await Promise.all(answers))).toEqual([10, 20, 30, 40, 50]);
});

test("one bad member of a batch fails alone", async () => {
  const only = lane();
  const ask = queue([only], 4);
  const first = ask(feeds(0));
  const [good, bad] = [ask(feeds(1)), ask(feeds(2))];
  const refused = bad.catch((error: Error) => error.message);
  only.runs[0]!.finish();
  await first;
  await turn();
  only.runs[1]!.fail();
  await turn();
  only.runs[2]!.finish();
  await turn();
  only.runs[3]!.fail();
  expect(values([await good])).toEqual([10]);
  expect(await refused).toBe("no");
});

test("a free lane takes what waits, whichever it is", async () => {
  const [left, right] = [lane(), lane()];
  const ask = queue([left, right], 1);
  const answers = [1, 2, 3, 4].map((value) => ask(feeds(value)));
  expect([left.runs.length, right.runs.length]).toEqual([1, 1]);
  left.runs[0]!.finish();
  await turn();
  left.runs[1]!.finish();
  await turn();
  left.runs[2]!.finish();
  right.runs[0]!.finish();
  await Promise.all(answers);
  expect([left.runs.length, right.runs.length]).toEqual([3, 1]);
});

test("a lane goes on at once with what lies next with it, and others have none while one is idle", async () => {
  const [left, right] = [lane(2), lane(2)];
  const ask = queue([left, right], 1);
  const answers = [1, 2, 3, 4, 5].map((value) => ask(feeds(value)));
  const given = ({ runs }: typeof left) => runs.map(({ given: [value] }) => value);
  expect([given(left), given(right)]).toEqual([
    [1, 3],
    [2, 4],
  ]);
  right.runs[0]!.finish();
  await turn();
  expect(given(right)).toEqual([2, 4, 5]);
  for (const { finish } of [...left.runs, ...right.runs]) finish();
  await turn();
  const last = ask(feeds(6));
  left.runs[2]!.finish();
  expect(values(await Promise.all([...answers, last]))).toEqual([10, 20, 30, 40, 50, 60]);
});

test("an output's shape is known where each of its free dimensions is an input's", () => {
  const inputs = [{ name: "x", type: "float32", shape: ["N", 3] }];
  const given: Record<string, Tensor> = { x: { type: "float32", data: new Float32Array(12), dims: [4, 3] } };
  const shape = (...dims: (number | string)[]) =>
    shapeFor({ name: "y", type: "float32", shape: dims }, inputs, given);
  expect(shape("N", 7)).toEqual([4, 7]);
  expect(shape(1, 7)).toEqual([1, 7]);
  expect(shape("N", "found")).toBeUndefined();
});

test("admission lets in so many and no more, in order, passing over who has gone, and says when all have left", async () => {
  const { admit, empty } = admission(2);
  const inside: number[] = [];
  const leave: (() => void)[] = [];
  const gone = new AbortController();
  const enter = (who: number, signal?: AbortSignal) =>
    admit(() => {
      inside.push(who);
      return new Promise<void>((resolve) => leave.push(resolve));
    }, signal);
  const all = [enter(1), enter(2), enter(3, gone.signal), enter(4)];
  const late = all[2]!.catch((error: Error) => error.message);
  gone.abort(new Error("gone"));
  await turn();
  expect(inside).toEqual([1, 2]);
  leave[0]!();
  await turn();
  expect(inside).toEqual([1, 2, 4]);
  const over = empty().then(() => "empty");
  leave[1]!();
  leave[2]!();
  expect(await over).toBe("empty");
  await Promise.all([all[0], all[1], all[3]]);
  expect(await late).toBe("gone");
});
