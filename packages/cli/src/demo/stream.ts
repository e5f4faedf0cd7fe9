// Uploads generated images whose true class is known, and waits for their predictions.
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { type Client, readBody } from "../target/client.ts";
import { readPages } from "../target/list.ts";
import { poll } from "../target/poll.ts";
import { createProgressBar } from "../terminal/output.ts";
import { uploadFile } from "../upload/upload.ts";

const POLL_MS = 500;
const CONCURRENT_UPLOADS = 8;

/** The true class of each uploaded key. */
export type Truth = Map<string, string>;

/** Uploads the files of class folders. */
export async function uploadStream(api: Client, model: string, folder: string): Promise<Truth> {
  const files = await readClassFolders(folder);
  const truth: Truth = new Map();
  const bar = createProgressBar("uploading");
  const next = files.values();
  const upload = async () => {
    for (const { file, label } of next) {
      const { key } = await uploadFile(api, file, { model });
      truth.set(key, label);
      bar.update(truth.size, files.length);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_UPLOADS }, upload));
  bar.clear();
  return truth;
}

async function readClassFolders(folder: string) {
  const labels = await readdir(folder);
  const files = await Promise.all(
    labels.map(async (label) =>
      (await readdir(path.join(folder, label))).map((name) => ({
        file: path.join(folder, label, name),
        label,
      })),
    ),
  );
  return files.flat();
}

/** The predictions of all these uploads, when the last one has ended. */
export function waitForPredictions(api: Client, model: string, truth: Truth): Promise<Prediction[]> {
  return poll(async () => {
    const { items } = await readPages<Prediction>({ limit: String(Number.MAX_SAFE_INTEGER) }, 200, (page) =>
      readBody(api.predictions.$get({ query: { model, ...page } })),
    );
    const ended = items.filter(
      ({ status, source }) => truth.has(source.key) && status !== "pending" && status !== "processing",
    );
    return ended.length === truth.size ? ended : undefined;
  }, POLL_MS);
}

/** The share of predictions with the true class. */
export const measureAccuracy = (predictions: Prediction[], truth: Truth) =>
  predictions.filter(({ source, summary }) => summary?.class === truth.get(source.key)).length /
  predictions.length;
