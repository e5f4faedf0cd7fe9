// Finds the predictions of ground-truth rows. The id of a prediction follows from the object's version and the model.
import { getAll } from "../util/get-all.ts";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { db } from "../db.ts";
import { toSluiceError } from "../error/error.ts";
import { listModels } from "../model/model.ts";
import { storageError } from "../object/fetch.ts";
import { predictionId } from "../prediction/id.ts";
import type { Prediction } from "../prediction/prediction.ts";
import { toPrediction } from "../prediction/record.ts";
import { mapConcurrently } from "../util/map-concurrently.ts";
import type { GroundTruthRow } from "./ground-truth.ts";

export interface RowProblem {
  /** From 0. */
  row: number;
  code: string;
  message: string;
}

interface Row {
  row: number;
  data: GroundTruthRow;
}

/** Requests to S3 and DynamoDB at the same time. */
const CONCURRENCY = 16;
const IDS_PER_READ = 100;

export async function findPredictions(rows: Row[]) {
  const problems: RowProblem[] = [];
  const withIds = await mapConcurrently(CONCURRENCY, rows, async ({ row, data }) => {
    if (data.predictionId !== undefined) return { row, data, ids: [data.predictionId] };
    try {
      return { row, data, ids: await idsOfKey(data.key!, data.model) };
    } catch (thrown) {
      const { code, message, kind } = toSluiceError(thrown);
      if (kind === "system") throw thrown;
      problems.push({ row, code, message });
      return { row, data, ids: [] };
    }
  });
  const predictions = await readPredictions([...new Set(withIds.flatMap(({ ids }) => ids))]);
  const found: (Row & { prediction: Prediction })[] = [];
  for (const { row, data, ids } of withIds) {
    const candidates = ids.flatMap((id) => predictions.get(id) ?? []);
    const [prediction] = candidates;
    if (candidates.length === 1 && prediction) found.push({ row, data, prediction });
    else if (candidates.length > 1)
      problems.push({
        row,
        code: "INPUT_INVALID",
        message: `${data.key} has predictions of several models: ${candidates.map(({ model }) => model).join(", ")}. Set \`model\`.`,
      });
    else if (ids.length > 0)
      problems.push({
        row,
        code: "PREDICTION_UNKNOWN",
        message: `There is no prediction ${data.predictionId ?? `of ${data.key}`}.`,
      });
  }
  return { found, problems };
}

/** Of the current version of the object, by each model that accepts it. */
async function idsOfKey(key: string, model: string | undefined): Promise<string[]> {
  const bucket = buckets.uploads();
  const head = await s3()
    .send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
    .catch((error: unknown) => {
      throw storageError(error, "s3:GetObject", bucket, key);
    });
  const source = { bucket, key, versionId: head.VersionId, etag: head.ETag?.replaceAll('"', "") };
  return listModels()
    .filter(({ name, accepts }) =>
      model === undefined ? accepts.prefixes.some((prefix) => key.startsWith(prefix)) : name === model,
    )
    .map(({ name }) => predictionId({ ...source, model: name }));
}

async function readPredictions(ids: string[]): Promise<Map<string, Prediction>> {
  const found = new Map<string, Prediction>();
  for (let start = 0; start < ids.length; start += IDS_PER_READ) {
    const items = await getAll(
      ids.slice(start, start + IDS_PER_READ).map((id) => ({ id })),
      (keys) => db().entities.prediction.get(keys).go(),
    );
    for (const item of items) found.set(item.id, toPrediction(item));
  }
  return found;
}
