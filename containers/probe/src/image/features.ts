// Pictures to features, by the very decoding and the very graph that will serve them.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { decode } from "@sluice/inference/image/decode.ts";
import { fit } from "@sluice/inference/image/geometry.ts";
import { tablesOf, tensorLength, writeTensor } from "@sluice/inference/image/tensor.ts";
import { graphBuilder } from "@sluice/inference/onnx/graph.ts";
import { ImageInput } from "@sluice/inference/package.ts";
import { type Session, openSession } from "@sluice/inference/session/session.ts";
import type { Item } from "../data/channel.ts";
import type { Matrix } from "../head/head.ts";
import type { Random } from "../random.ts";
import { type Augmentation, augment } from "./augment.ts";
import { IMAGE_SIZE, backbone } from "./backbone.ts";

export const input: ImageInput = ImageInput.parse({
  kind: "image",
  width: IMAGE_SIZE,
  height: IMAGE_SIZE,
  resize: "stretch",
});
const BATCH = 16;
const tables = tablesOf(input);

export interface Unreadable {
  name: string;
  reason: string;
}

/** RGB bytes at the model's size; a picture that cannot be read is reported and left out. */
export async function readPictures(
  items: Item[],
): Promise<{ pixels: Uint8Array[]; kept: Item[]; unreadable: Unreadable[] }> {
  const unreadable: Unreadable[] = [];
  const read = async (item: Item) => {
    try {
      return (await decode(await readFile(item.file!), input)).pixels;
    } catch (error) {
      unreadable.push({ name: item.name, reason: (error as Error).message });
      return undefined;
    }
  };
  const pixels: Uint8Array[] = [];
  const kept: Item[] = [];
  for (let from = 0; from < items.length; from += BATCH) {
    const group = items.slice(from, from + BATCH);
    for (const [at, picture] of (await Promise.all(group.map(read))).entries())
      if (picture) {
        pixels.push(picture);
        kept.push(group[at]!);
      }
  }
  return { pixels, kept, unreadable };
}

export interface Extractor {
  extract(pixels: Uint8Array[], labels: number[]): Promise<Matrix>;
  close(): Promise<void>;
}

export async function extractor(): Promise<Extractor> {
  const graph = graphBuilder("backbone");
  const pixels = graph.input("pixels", ["N", 3, IMAGE_SIZE, IMAGE_SIZE]);
  const bytes = graph.finish(backbone(graph, pixels), "features", ["N", "F"]);
  const dir = await mkdtemp(path.join(tmpdir(), "sluice-backbone-"));
  const file = path.join(dir, "backbone.onnx");
  await writeFile(file, bytes);
  const session = await openSession(file);
  await rm(dir, { recursive: true });
  return { extract: (all, labels) => extract(session, all, labels), close: session.close };
}

async function extract(session: Session, all: Uint8Array[], labels: number[]): Promise<Matrix> {
  const length = tensorLength(input);
  const geometry = fit(input, input);
  let values = new Float32Array(0);
  let columns = 0;
  for (let from = 0; from < all.length; from += BATCH) {
    const group = all.slice(from, from + BATCH);
    const data = new Float32Array(group.length * length);
    for (const [at, pixels] of group.entries())
      writeTensor(data.subarray(at * length, (at + 1) * length), { pixels, geometry }, input, tables);
    const dims = [group.length, 3, IMAGE_SIZE, IMAGE_SIZE];
    const output = await session.run({ pixels: { type: "float32", data, dims } }, "features");
    if (from === 0) {
      columns = output.dims[1]!;
      values = new Float32Array(all.length * columns);
    }
    values.set(output.data as Float32Array, from * columns);
  }
  return { columns, values, labels };
}

/** The pictures and changed copies of each, with their labels. */
export function withCopies(
  pixels: Uint8Array[],
  labels: number[],
  copies: number,
  how: Augmentation,
  chance: Random,
): { pixels: Uint8Array[]; labels: number[] } {
  const more = pixels.flatMap((picture) =>
    Array.from({ length: copies }, () => augment(picture, IMAGE_SIZE, how, chance)),
  );
  return {
    pixels: [...pixels, ...more],
    labels: [...labels, ...labels.flatMap((label) => Array.from({ length: copies }, () => label))],
  };
}
