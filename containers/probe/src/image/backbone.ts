// The frozen backbone: a small scattering network (edges and textures) and a soft color histogram, as ONNX convolutions. All
// features are averaged over grids, so that a shift of the object changes little.
import type { GraphBuilder } from "@sluice/inference/onnx/graph.ts";
import { colourLattice, gaborKernels } from "./filters.ts";

export const IMAGE_SIZE = 96;
const ORIENTATIONS = 8;
const TEXTURE_ORIENTATIONS = 4;
const COLOUR_STEPS = 4;
const WAVE = 9;

/** Adds the backbone to a graph. `pixels` are [N, 3, size, size] in 0..1; returns the flat features of each image. */
export function backbone(graph: GraphBuilder, pixels: string): string {
  const parts: string[] = [];
  const pooled = (value: string, grid: number, size: number) => {
    const side = size / grid;
    const average = graph.node("AveragePool", [value], { kernel_shape: [side, side], strides: [side, side] });
    parts.push(graph.node("Flatten", [average], { axis: 1 }));
  };
  const peaks = (value: string) =>
    parts.push(graph.node("Flatten", [graph.node("GlobalMaxPool", [value])], { axis: 1 }));

  const opponent = graph.weights(
    "opponent",
    Float32Array.of(0.299, 0.587, 0.114, 0.5, -0.5, 0, 0.25, 0.25, -0.5),
    [3, 3, 1, 1],
  );
  let plane = graph.node("Conv", [pixels, opponent]);
  let size = IMAGE_SIZE;
  for (const scale of [0, 1, 2]) {
    const edges = modulus(graph, plane, `waves${scale}`, { channels: 3, orientations: ORIENTATIONS });
    pooled(edges, 4, size);
    pooled(edges, 1, size);
    peaks(edges);
    size /= 2;
    const strength = graph.node("AveragePool", [edges], { kernel_shape: [2, 2], strides: [2, 2] });
    const texture = modulus(graph, strength, `textures${scale}`, {
      channels: 3 * ORIENTATIONS,
      orientations: TEXTURE_ORIENTATIONS,
    });
    pooled(texture, scale === 2 ? 1 : 2, size);
    plane = graph.node("AveragePool", [plane], { kernel_shape: [2, 2], strides: [2, 2] });
  }

  const colours = histogram(graph, pixels);
  pooled(colours, 4, IMAGE_SIZE);
  pooled(colours, 1, IMAGE_SIZE);
  const all = graph.node("Concat", parts, { axis: 1 });
  // Magnitudes are skewed towards zero; the root spreads them for a linear head.
  return graph.node("Sqrt", [graph.node("Relu", [all])]);
}

/** The magnitude of each channel and orientation, independent of the phase. */
function modulus(
  graph: GraphBuilder,
  value: string,
  name: string,
  { channels, orientations }: { channels: number; orientations: number },
): string {
  const bank = gaborKernels(WAVE, orientations, 5, 2.2);
  const every = (phase: 0 | 1) => {
    const weights = new Float32Array(channels * orientations * WAVE * WAVE);
    for (let channel = 0; channel < channels; channel++)
      for (let orientation = 0; orientation < orientations; orientation++) {
        const from = (orientation * 2 + phase) * WAVE * WAVE;
        weights.set(
          bank.subarray(from, from + WAVE * WAVE),
          (channel * orientations + orientation) * WAVE * WAVE,
        );
      }
    const kernel = graph.weights(`${name}_${phase}`, weights, [channels * orientations, 1, WAVE, WAVE]);
    const pad = (WAVE - 1) / 2;
    const wave = graph.node("Conv", [value, kernel], { group: channels, pads: [pad, pad, pad, pad] });
    return graph.node("Mul", [wave, wave]);
  };
  return graph.node("Sqrt", [graph.node("Add", [every(0), every(1)])]);
}

/** One map for each lattice color: 1 where the pixel has that color, 0 from one lattice step away. */
function histogram(graph: GraphBuilder, pixels: string): string {
  const colours = colourLattice(COLOUR_STEPS);
  const reach = (1 / (COLOUR_STEPS - 1)) ** 2;
  // 1 - |x - p|² / reach, written as one convolution over x and x².
  const weights = Float32Array.from(
    colours.flatMap((colour) => [
      ...colour.map((value) => (2 * value) / reach),
      ...colour.map(() => -1 / reach),
    ]),
  );
  const bias = Float32Array.from(
    colours.map((colour) => 1 - colour.reduce((sum, value) => sum + value * value, 0) / reach),
  );
  const both = graph.node("Concat", [pixels, graph.node("Mul", [pixels, pixels])], { axis: 1 });
  const kernel = graph.weights("colours", weights, [colours.length, 6, 1, 1]);
  return graph.node("Relu", [
    graph.node("Conv", [both, kernel, graph.weights("colour_bias", bias, [colours.length])]),
  ]);
}
