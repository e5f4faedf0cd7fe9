// Extracts features from images with the decoder and the graph that serve the model. Only features stay in memory.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { decodeImage } from "@sluice/inference/image/decode.ts";
import { fitToInput } from "@sluice/inference/image/geometry.ts";
import {
  type ImageTensor,
  imageTensor,
  tensorLength,
  valueTables,
} from "@sluice/inference/image/image-tensor.ts";
import { graphBuilder } from "@sluice/inference/onnx/graph.ts";
import { ImageInput } from "@sluice/inference/package.ts";
import { type Model, openModel } from "@sluice/inference/session/model.ts";
import type { Item } from "../data/items.ts";
import { type FeatureRows, createRows } from "../head/rows.ts";
import { random } from "@sluice/samples/toolkit/random.ts";
import { type Augmentation, augment } from "./augment.ts";
import { IMAGE_SIZE, backbone } from "./backbone.ts";

export const input: ImageInput = ImageInput.parse({
  kind: "image",
  width: IMAGE_SIZE,
  height: IMAGE_SIZE,
  resize: "stretch",
});
const BATCH = 16;
const tables = valueTables(input);
const geometry = fitToInput(input, input);

/** Augmented copies of each image. */
export interface CopyOptions extends Augmentation {
  copies: number;
  seed: number;
}

type Extract = (
  items: Item[],
  labels: number[],
  afterBatch: (done: number) => void,
  copies?: CopyOptions,
) => Promise<FeatureRows>;

export async function extractor(): Promise<Extract> {
  const graph = graphBuilder("backbone");
  const pixels = graph.input("pixels", ["N", 3, IMAGE_SIZE, IMAGE_SIZE]);
  const bytes = graph.finish(backbone(graph, pixels), "features", ["N", "F"]);
  const dir = await mkdtemp(path.join(tmpdir(), "sluice-backbone-"));
  const file = path.join(dir, "backbone.onnx");
  await writeFile(file, bytes);
  const model = await openModel(file, availableParallelism());
  await rm(dir, { recursive: true });
  const tensor = imageTensor(input, BATCH);
  return (...args) => extract(model, tensor, ...args);
}

async function extract(
  model: Model,
  tensor: ImageTensor,
  items: Item[],
  labels: number[],
  afterBatch: (done: number) => void,
  copies?: CopyOptions,
): Promise<FeatureRows> {
  const rows = createRows();
  const read = async ({ name, file }: Item) => {
    try {
      return (await decodeImage(await readFile(file!), input)).pixels;
    } catch (error) {
      rows.skip(name, error);
      return undefined;
    }
  };
  for (let from = 0; from < items.length; from += BATCH) {
    const group = items.slice(from, from + BATCH);
    const images: Uint8Array[] = [];
    const kinds: number[] = [];
    for (const [at, pixels] of (await Promise.all(group.map(read))).entries()) {
      if (!pixels) continue;
      images.push(pixels, ...augmentedCopies(pixels, group[at]!.name, copies));
      while (kinds.length < images.length) kinds.push(labels[from + at]!);
    }
    for (let start = 0; start < images.length; start += BATCH) {
      const some = images.slice(start, start + BATCH);
      rows.add(await features(model, tensor, some), kinds.slice(start, start + BATCH));
    }
    afterBatch(Math.min(from + BATCH, items.length));
  }
  return rows.finish();
}

/** Seeded by the image's name: copies do not depend on other images. */
function augmentedCopies(pixels: Uint8Array, name: string, options: CopyOptions | undefined): Uint8Array[] {
  if (!options) return [];
  const chance = random("augment", options.seed, name);
  return Array.from({ length: options.copies }, () => augment(pixels, IMAGE_SIZE, options, chance));
}

async function features(model: Model, tensor: ImageTensor, images: Uint8Array[]): Promise<Float32Array> {
  for (const [at, image] of images.entries()) tensor.write(at, image, geometry, tables);
  const data = tensor.data.subarray(0, images.length * tensorLength(input));
  const dims = [images.length, 3, IMAGE_SIZE, IMAGE_SIZE];
  const { output } = await model.run({ pixels: { type: "float32", data, dims } });
  return output.data.slice();
}
