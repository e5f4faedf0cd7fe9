import { expect, test } from "vitest";
import { FastDecodeError, InferenceError } from "../error.ts";
import type { Feeds } from "./feeds.ts";
import { createSlotMemory, openSlot } from "./slot.ts";
import { deserializeError, serializeError } from "./worker-error.ts";

function openBothSides(names: string[]) {
  const memory = createSlotMemory();
  return [openSlot(memory, names), openSlot(memory, names)] as const;
}

test("the worker reads requests of every type and size as the caller wrote them", () => {
  const [caller, worker] = openBothSides(["wärme", "x", "ids"]);
  const jpeg = Uint8Array.from({ length: 70_001 }, (_, at) => at % 251);
  const batches: Feeds[][] = [
    [{ x: { type: "rgb", data: jpeg.subarray(3, 10), size: { width: 7, height: 1 } } }],
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
    [{ x: { type: "grey-jpeg", data: jpeg, size: { width: 300, height: 200 } } }],
    [{ x: { type: "float32", data: new Float32Array(200_000).fill(3), dims: [1, 200_000] } }],
    [{ x: { type: "jpeg", data: jpeg.subarray(0, 1), size: { width: 1, height: 1 } } }],
  ];
  for (const batch of batches) {
    caller.request.write(batch);
    expect(worker.request.read()).toEqual(batch);
  }
});

test("the caller reads responses of any length as the worker wrote them", () => {
  const [caller, worker] = openBothSides([]);
  const times = { decodeMs: 0.1, preprocessMs: 0, inferenceMs: 5, postprocessMs: 0 };
  for (const lengths of [[1], [5000, 0, 3], [2]]) {
    const outputs = lengths.map((length, index) => ({
      prediction: Array.from({ length }, (_, at) => 1 / (at + 3)),
      measures:
        index === 1
          ? { embedding: [] }
          : {
              image: { brightness: 120.5, contrast: 40, sharpness: 0, noise: 2.5, saturation: 0.25 },
              embedding: [-127, 0, length % 128],
            },
    }));
    worker.response.write({ kind: "result", outputs, times });
    expect(caller.response.read()).toEqual({ kind: "result", outputs, times });
  }
  const failed = { kind: "error", error: { type: "other", message: `n${"ж".repeat(9000)}` } } as const;
  worker.response.write(failed);
  expect(caller.response.read()).toEqual(failed);
});

test.each([
  new FastDecodeError("cut off"),
  new InferenceError("MODEL_FAILED", 500, "no", "try"),
  new Error("x"),
])("an error of class %s is unchanged after it crossed threads", (error) => {
  const received = deserializeError(serializeError(error));
  expect(received).toBeInstanceOf(error.constructor);
  expect(received).toEqual(error);
});
