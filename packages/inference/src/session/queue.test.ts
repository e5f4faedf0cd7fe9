import { expect, test } from "vitest";
import type { Tensor } from "../tensor.ts";
import { type Feeds, outputShape } from "./feeds.ts";
import { type BatchResult, type RunResult, createQueue } from "./queue.ts";

const feeds = (value: number): Feeds => ({
  x: { type: "float32", data: Float32Array.of(value), dims: [1, 1] },
});
const times = { decodeMs: 0, preprocessMs: 0, inferenceMs: 1, postprocessMs: 0 };

/** Returns ten times its input, when the test finishes the run. */
function testRunner(capacity = 1) {
  const runs: { given: number[]; finish(): void; fail(): void }[] = [];
  return {
    capacity,
    runs,
    run: (group: Feeds[]) =>
      new Promise<BatchResult>((resolve, reject) => {
        const given = group.flatMap(({ x }) => [...(x as Tensor).data].map(Number));
        const outputs = given.map((value) => ({
          prediction: { predictions: [{ class: "it", probability: value * 10 }] },
          measures: { embedding: [] },
        }));
        runs.push({
          given,
          finish: () => resolve({ outputs, times }),
          fail: () => reject(new Error("no")),
        });
      }),
  };
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const values = (results: RunResult[]) =>
  results.map(({ prediction }) =>
    "predictions" in prediction ? prediction.predictions[0]!.probability : NaN,
  );

test("a request whose caller disconnected does not run; the next ones do", async () => {
  const only = testRunner();
  const ask = createQueue([only], 1);
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

test("requests that wait while the model is busy run together, up to the limit", async () => {
  const only = testRunner();
  const ask = createQueue([only], 3);
  const answers = [1, 2, 3, 4, 5].map((value) => ask(feeds(value)));
  for (let at = 0; at < 3; at++) {
    only.runs[at]!.finish();
    await turn();
  }
  expect(values(await Promise.all(answers))).toEqual([10, 20, 30, 40, 50]);
  expect(only.runs.map(({ given }) => given)).toEqual([[1], [2, 3, 4], [5]]);
});

test("a busy worker gets a full batch in advance; a smaller one waits and grows", async () => {
  const only = testRunner(2);
  const ask = createQueue([only], 3);
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

test("an invalid request of a batch fails alone", async () => {
  const only = testRunner();
  const ask = createQueue([only], 4);
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

test("any free worker gets the next request", async () => {
  const [left, right] = [testRunner(), testRunner()];
  const ask = createQueue([left, right], 1);
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

test("a worker holds its next batch in advance, and no worker gets two while another is idle", async () => {
  const [left, right] = [testRunner(2), testRunner(2)];
  const ask = createQueue([left, right], 1);
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

test("an output's shape is known if each of its free dimensions is one of an input", () => {
  const inputs = [{ name: "x", type: "float32", shape: ["N", 3] }];
  const given: Record<string, Tensor> = { x: { type: "float32", data: new Float32Array(12), dims: [4, 3] } };
  const shape = (...dims: (number | string)[]) =>
    outputShape({ name: "y", type: "float32", shape: dims }, inputs, given);
  expect(shape("N", 7)).toEqual([4, 7]);
  expect(shape(1, 7)).toEqual([1, 7]);
  expect(shape("N", "found")).toBeUndefined();
});
