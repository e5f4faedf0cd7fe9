// Real models and samples for tests.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { generatorOf } from "@sluice/samples/generate.ts";
import { trainedArchive } from "@sluice/samples/trained.ts";

export const root = path.resolve(import.meta.dirname, "../..");

/** Behind all that training sees. */
const UNSEEN = 50_000;

export const packageOf = (model: string): Promise<Uint8Array> => readFile(trainedArchive(model));

/** The `index`th picture (or text) of a model that its training has not seen, with the truth. */
export async function sampleOf(model: string, index: number) {
  const { bytes, label, contentType } = await generatorOf(model).generate(1, UNSEEN + index);
  return { bytes, label: label!, contentType };
}
