// A small detector without training, only geometry. A room is a rectangle with ink along its four sides
// and little within; every size and place is tried at once, by pooling. An ONNX model with the output of YOLOv8.
// node test/support/detector.ts <folder> makes its package: model.onnx and sluice.json.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type GraphBuilder, graphBuilder } from "@sluice/inference/onnx/graph.ts";
import type { ManifestInput } from "@sluice/inference/package.ts";
import { GENERATORS } from "@sluice/samples/generate.ts";

const CLASSES = [...GENERATORS["blueprints"]!.classes];
const ROOM = CLASSES.indexOf("room");
const SIDE = 192;
/** Pixels of a cell: fine enough to keep two walls apart, coarse enough that a wall a little askew stays in one row. */
const CELL = 2;
const CELLS = SIDE / CELL;
/** Of a room, in cells; each a fifth more than the one before. */
const SIZES = [9, 11, 13, 15, 18, 21, 25, 30, 36, 43];
/** Cells between two places that are tried. */
const STEP = 2;

export async function writeDetector(dir: string, model = "blueprints"): Promise<void> {
  const manifest: ManifestInput = {
    format: 1,
    model,
    version: "rooms-by-geometry",
    task: "object-detection",
    classes: CLASSES,
    input: { kind: "image", width: SIDE, height: SIDE, resize: "stretch" },
    output: { head: "yolov8" },
    thresholds: { confidence: 0.6, iou: 0.3, maxDetections: 100 },
  };
  await mkdir(dir, { recursive: true });
  await writeFile(path.join(dir, "model.onnx"), roomFinder());
  await writeFile(path.join(dir, "sluice.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

function roomFinder(): Uint8Array {
  const graph = graphBuilder("rooms");
  const ink = inkOf(graph, graph.input("pixels", [1, 3, SIDE, SIDE]));
  const cut = slicer(graph);
  const mean = (height: number, width: number) =>
    graph.node("AveragePool", [ink], { kernel_shape: [height, width] });
  const across = new Map(SIZES.map((size) => [size, mean(1, size)]));
  const down = new Map(SIZES.map((size) => [size, mean(size, 1)]));

  const half = graph.weights("half", Float32Array.of(0.5), [1]);
  const scores: string[] = [];
  const boxes: number[][] = [[], [], [], []];
  for (const width of SIZES)
    for (const height of SIZES) {
      const places = { rows: CELLS - height, columns: CELLS - width };
      const at = (value: string, top: number, left: number) =>
        cut(value, top, left, places.rows, places.columns);
      const sides = [
        at(across.get(width)!, 0, 0),
        at(across.get(width)!, height, 0),
        at(down.get(height)!, 0, 0),
        at(down.get(height)!, 0, width),
      ];
      const within = at(mean(height - 4, width - 4), 2, 2);
      // The weakest side decides; what is drawn within takes away. The root lifts a clear room above the gate of plans.
      const clutter = graph.node("Mul", [within, half]);
      const walls = graph.node("Relu", [graph.node("Sub", [graph.node("Min", sides), clutter])]);
      const score = graph.node("Sqrt", [walls]);
      scores.push(graph.node("Reshape", [score, graph.integers(`flat_${width}_${height}`, [1, 1, -1])]));
      for (let y = 0; y < places.rows; y += STEP)
        for (let x = 0; x < places.columns; x += STEP) {
          const box = [x + (width + 1) / 2, y + (height + 1) / 2, width - 1, height - 1];
          for (const [axis, cells] of box.entries()) boxes[axis]!.push(cells * CELL);
        }
    }

  const room = graph.node("Concat", scores, { axis: 2 });
  const nothing = graph.node("Mul", [room, graph.weights("zero", Float32Array.of(0), [1])]);
  const count = boxes[0]!.length;
  const places = graph.weights("boxes", Float32Array.from(boxes.flat()), [1, 4, count]);
  const classes = CLASSES.map((_, kind) => (kind === ROOM ? room : nothing));
  return graph.finish(graph.node("Concat", [places, ...classes], { axis: 1 }), "output0", [
    1,
    4 + CLASSES.length,
    count,
  ]);
}

/** 1 where a cell holds a line: what is far from the sheet's own brightness, dark on light or light on dark. */
function inkOf(graph: GraphBuilder, pixels: string): string {
  const grey = graph.node("ReduceMean", [pixels], { axes: [1], keepdims: 1 });
  const sheet = graph.node("ReduceMean", [grey], { axes: [1, 2, 3], keepdims: 1 });
  const contrast = graph.node("Abs", [graph.node("Sub", [grey, sheet])]);
  const cells = graph.node("MaxPool", [contrast], { kernel_shape: [CELL, CELL], strides: [CELL, CELL] });
  const most = graph.node("GlobalMaxPool", [cells]);
  const share = graph.node("Div", [cells, most]);
  // Half of the strongest line or more is a line.
  const scaled = graph.node("Mul", [share, graph.weights("two", Float32Array.of(2), [1])]);
  return graph.node("Min", [scaled, graph.weights("one", Float32Array.of(1), [1])]);
}

/** Every `STEP`th row and column of a rectangle of a map. */
function slicer(graph: GraphBuilder) {
  const kept = new Map<string, string>();
  const integers = (values: number[]) => {
    const name = `i_${values.join("_")}`;
    if (!kept.has(name)) kept.set(name, graph.integers(name, values));
    return name;
  };
  return (value: string, top: number, left: number, rows: number, columns: number) =>
    graph.node("Slice", [
      value,
      integers([top, left]),
      integers([top + rows, left + columns]),
      integers([2, 3]),
      integers([STEP, STEP]),
    ]);
}

if (import.meta.main) {
  const folder = process.argv[2];
  if (!folder) throw new Error("Usage: node test/support/detector.ts <folder>");
  await writeDetector(folder);
}
