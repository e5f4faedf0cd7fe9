// Models of known sizes with random weights: as fast as trained ones, without files.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type GraphBuilder, graphBuilder } from "@sluice/inference/onnx/graph.ts";
import type { ManifestInput } from "@sluice/inference/package.ts";
import { random } from "@sluice/samples/toolkit/random.ts";

/** As in a fine-tuned model. A thousand classes would also measure 57 KB of JSON. */
const CLASSES = 10;
const KINDS = 80;

function builder(title: string) {
  const graph = graphBuilder(title);
  const chance = random(title);
  let count = 0;
  const weights = (shape: number[], spread: number) =>
    graph.weights(
      `w${count++}`,
      Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () =>
        chance.between(-spread, spread),
      ),
      shape,
    );
  const conv = (value: string, from: number, to: number, size: number, stride: number, group = 1) => {
    const pad = (size - 1) / 2;
    const kernel = weights([to, from / group, size, size], Math.sqrt(6 / ((from / group) * size * size)));
    return graph.node("Conv", [value, kernel], {
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
      group,
    });
  };
  return { graph, weights, conv };
}

export interface Weight {
  /** Factor for all channels: 1 is 8 MB, 0.8 is 5 MB. */
  width?: number;
  /** Adds a wide layer before the last: a large file with little work. */
  extraMb?: number;
}

/** A MobileNet of depthwise blocks. */
export function mobileNet({ width = 1, extraMb = 0 }: Weight = {}): Uint8Array {
  const scaled = (count: number) => Math.round((count * width) / 8) * 8;
  const { graph, weights, conv } = builder("mobilenet");
  let value = graph.node("Relu", [conv(graph.input("pixels", ["N", 3, 224, 224]), 3, scaled(32), 3, 2)]);
  let channels = scaled(32);
  for (const [count, stride] of [
    [64, 1],
    [128, 2],
    [128, 1],
    [256, 2],
    [256, 1],
    [512, 2],
    [512, 1],
    [512, 1],
    [512, 1],
    [512, 1],
    [512, 1],
    [1024, 2],
  ] as const) {
    const to = scaled(count);
    value = graph.node("Relu", [conv(value, channels, channels, 3, stride, channels)]);
    value = graph.node("Relu", [conv(value, channels, to, 1, 1)]);
    channels = to;
  }
  value = graph.node("Flatten", [graph.node("GlobalAveragePool", [value])], { axis: 1 });
  if (extraMb > 0) {
    const wide = Math.round((extraMb * 1024 * 1024) / 4 / (channels + CLASSES));
    value = graph.node("Relu", [graph.node("MatMul", [value, weights([channels, wide], 0.02)])]);
    channels = wide;
  }
  value = graph.node("MatMul", [value, weights([channels, CLASSES], 0.02)]);
  return graph.finish(graph.node("Softmax", [value], { axis: 1 }), "p", ["N", CLASSES]);
}

/** A detector of the size of YOLO's smallest at 640; the output is [1, 84, 8400]. */
export function yoloNano(): Uint8Array {
  const { graph, weights, conv } = builder("yolo");
  const act = (value: string) => graph.node("Mul", [value, graph.node("Sigmoid", [value])]);
  const grids: string[] = [];
  let value = graph.input("images", [1, 3, 640, 640]);
  let channels = 3;
  for (const [at, to] of [16, 32, 64, 128, 256].entries()) {
    value = act(conv(value, channels, to, 3, 2));
    for (let block = 0; block < Math.min(at, 2); block++)
      value = graph.node("Add", [value, act(conv(act(conv(value, to, to / 2, 1, 1)), to / 2, to, 3, 1))]);
    channels = to;
    if (at >= 2) grids.push(head(graph, conv, act, value, to));
  }
  const all = graph.node("Concat", grids, { axis: 2 });
  const boxes = graph.node("Slice", [
    all,
    graph.integers("b0", [0]),
    graph.integers("b1", [4]),
    graph.integers("ax", [1]),
  ]);
  const scores = graph.node("Slice", [
    all,
    graph.integers("s0", [4]),
    graph.integers("s1", [4 + KINDS]),
    graph.integers("ay", [1]),
  ]);
  // As in a trained detector, nearly all scores are close to 0.
  const quiet = graph.node("Sigmoid", [
    graph.node("Sub", [scores, graph.weights("quiet", Float32Array.of(8), [1])]),
  ]);
  const placed = graph.node("Add", [
    graph.node("Mul", [boxes, weights([1, 4, 8400], 30)]),
    graph.weights("middle", new Float32Array(1).fill(320), [1]),
  ]);
  return graph.finish(graph.node("Concat", [placed, quiet], { axis: 1 }), "output0", [1, 4 + KINDS, 8400]);
}

type Conv = (value: string, from: number, to: number, size: number, stride: number) => string;

function head(
  graph: GraphBuilder,
  conv: Conv,
  act: (value: string) => string,
  value: string,
  from: number,
): string {
  const grid = conv(act(conv(act(conv(value, from, 64, 3, 1)), 64, 80, 3, 1)), 80, 4 + KINDS, 1, 1);
  return graph.node("Reshape", [grid, graph.integers(`shape_${grid}`, [1, 4 + KINDS, -1])]);
}

export async function writeModel(
  dir: string,
  kind: "classifier" | "detector",
  weight?: Weight,
): Promise<string> {
  const detector = kind === "detector";
  const side = detector ? 640 : 224;
  const manifest: ManifestInput = {
    format: 1,
    model: kind,
    version: "bench",
    task: detector ? "object-detection" : "image-classification",
    classes: Array.from({ length: detector ? KINDS : CLASSES }, (_, at) => `class ${at}`),
    input: { kind: "image", width: side, height: side, resize: detector ? "letterbox" : "stretch" },
    output: { head: detector ? "yolov8" : "softmax" },
  };
  await mkdir(path.join(dir, "model"), { recursive: true });
  await writeFile(path.join(dir, "model/model.onnx"), detector ? yoloNano() : mobileNet(weight));
  await writeFile(path.join(dir, "model/sluice.json"), JSON.stringify(manifest));
  return dir;
}
