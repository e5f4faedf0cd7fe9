import { expect, test } from "vitest";
import type { Feeds } from "./feeds.ts";
import { newMemory, placeIn } from "./place.ts";

function sides(names: string[]) {
  const memory = newMemory();
  return [placeIn(memory, names), placeIn(memory, names)] as const;
}

test("what is asked lies on the other side as it was, of every type and after every size", () => {
  const [here, there] = sides(["wärme", "x", "ids"]);
  const jpeg = Uint8Array.from({ length: 70_001 }, (_, at) => at % 251);
  const groups: Feeds[][] = [
    [{ x: { type: "rgb", data: jpeg.subarray(3, 10), grey: false, size: { width: 7, height: 1 } } }],
    [
      {
        ids: { type: "int64", data: BigInt64Array.of(1n, -2n), dims: [1, 2] },
        wärme: { type: "float32", data: Float32Array.of(0.5, NaN, -0), dims: [1, 3] },
      },
      {
        ids: { type: "int64", data: BigInt64Array.of(3n), dims: [1, 1] },
        wärme: { type: "float32", data: new Float32Array(0), dims: [1, 0] },
      },
    ],
    [{ x: { type: "jpeg", data: jpeg, grey: true, size: { width: 300, height: 200 } } }],
    [{ x: { type: "float32", data: new Float32Array(200_000).fill(3), dims: [1, 200_000] } }],
    [{ x: { type: "jpeg", data: jpeg.subarray(0, 1), grey: false, size: { width: 1, height: 1 } } }],
  ];
  for (const group of groups) {
    here.writeRequests(group);
    expect(there.readRequests()).toEqual(group);
  }
});

test("what is answered is read as it was said, however long it is", () => {
  const [here, there] = sides([]);
  const times = { decodeMs: 0.1, preprocessMs: 0, inferenceMs: 5, postprocessMs: 0 };
  for (const lengths of [[1], [5000, 0, 3], [2]]) {
    const read = lengths.map((length) => Array.from({ length }, (_, at) => 1 / (at + 3)));
    there.writeAnswer({ read, times });
    expect(here.readAnswer()).toEqual({ read, times });
  }
  there.writeFailure({ notDrawn: `n${"ж".repeat(9000)}` });
  expect(here.readAnswer()).toEqual({ notDrawn: `n${"ж".repeat(9000)}` });
});
