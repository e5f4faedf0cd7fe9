// Uploads all at once to a cloud in a process of its own, killed on the way if asked; then every record is read.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { HeadObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { predictionId } from "@sluice/core/prediction/id.ts";
import { getPrediction } from "@sluice/core/prediction/record.ts";
import { isFinal, type Prediction } from "@sluice/core/prediction/prediction.ts";
import { operate } from "../../test/support/operator.ts";
import { sampleOf } from "../../test/support/sample.ts";
import { startStandalone } from "../../test/support/standalone.ts";
import { until } from "../../test/support/until.ts";
import { residentMb } from "./memory.ts";

export interface Wanted {
  uploads: number;
  /** SIGKILL when this many are uploaded, then a start on the same state. */
  killAfter?: number;
}

export interface Burst {
  uploads: number;
  predictions: Prediction[];
  /** Result documents in the bucket, without that of the warm-up. */
  results: number;
  seconds: number;
  /** From the upload's acknowledgement by S3 to the record's end, ms. */
  waits: number[];
  memory: { start: number; peak: number; end: number };
  downMs?: number;
}

const SENDERS = 16;
const PICTURES = 20;

export async function measureBurst({ uploads, killAfter }: Wanted): Promise<Burst> {
  const dir = mkdtempSync(path.join(tmpdir(), "sluice-burst-"));
  let cloud = await startStandalone(dir);
  const stage = operate(cloud.place);
  let watching: NodeJS.Timeout | undefined;
  try {
    await stage.deploy("vehicles");
    const pictures = await Promise.all(
      Array.from({ length: PICTURES }, async (_, index) => (await sampleOf("vehicles", index)).bytes),
    );
    // Everything is warm before the clock starts.
    const first = await stage.upload("uploads/vehicles/warm.jpg", pictures[0]!);
    await stage.prediction(first.idFor("vehicles"));

    const start = residentMb(cloud.process.pid!);
    let peak = start;
    watching = setInterval(() => (peak = Math.max(peak, residentMb(cloud.process.pid!) || 0)), 100);
    const began = Date.now();
    const acknowledged = new Map<string, number>();
    let restarted: Promise<number> | undefined;
    const indices = Array.from({ length: uploads }, (_, index) => index).values();
    const sender = async () => {
      for (const index of indices) {
        const key = `uploads/vehicles/burst-${index}.jpg`;
        const versionId = await until(async () => {
          await restarted;
          return send(stage, key, pictures[index % PICTURES]!);
        });
        acknowledged.set(
          predictionId({ bucket: stage.bucket, key, versionId, model: "vehicles" }),
          Date.now(),
        );
        if (acknowledged.size === killAfter) restarted = restart();
      }
    };
    const restart = async () => {
      await cloud.kill();
      const down = performance.now();
      cloud = await startStandalone(dir, cloud.port);
      return performance.now() - down;
    };
    await Promise.all(Array.from({ length: SENDERS }, sender));
    const downMs = await restarted;

    const predictions: Prediction[] = [];
    for (const id of acknowledged.keys()) {
      predictions.push(
        await until(async () => {
          const found = await getPrediction(id);
          if (isFinal(found.status)) return found;
          throw new Error(`${found.source.key} is ${found.status}: ${JSON.stringify(found.error)}`);
        }, 300_000),
      );
    }
    clearInterval(watching);
    const ends = predictions.map(({ finishedAt }) => Date.parse(finishedAt!));
    return {
      uploads,
      predictions,
      results: (await countResults(stage.s3, stage.results)) - 1,
      seconds: (Math.max(...ends) - began) / 1_000,
      waits: predictions.map(({ id }, index) => ends[index]! - acknowledged.get(id)!),
      memory: { start, peak, end: residentMb(cloud.process.pid!) },
      downMs,
    };
  } finally {
    clearInterval(watching);
    await cloud.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Throws when an upload has no prediction, more than one result document, or a failed one. */
export function checkExactlyOnce({ uploads, predictions, results }: Burst): void {
  const ids = new Set(predictions.map(({ id }) => id)).size;
  const failed = predictions.filter(({ status }) => status === "failed").length;
  if (ids === uploads && results === uploads && failed === 0) return;
  throw new Error(
    `${uploads} uploads led to ${ids} predictions, ${failed} of them failed, and ${results} result documents.`,
  );
}

/** A sender repeats what was not acknowledged; what was stored all the same is found there, and not stored again. */
async function send(stage: ReturnType<typeof operate>, key: string, body: Uint8Array): Promise<string> {
  try {
    return (await stage.upload(key, body, { IfNoneMatch: "*" })).versionId;
  } catch (error) {
    if ((error as Error).name !== "PreconditionFailed") throw error;
    const found = await stage.s3.send(new HeadObjectCommand({ Bucket: stage.bucket, Key: key }));
    return found.VersionId!;
  }
}

async function countResults(s3: S3Client, bucket: string): Promise<number> {
  let count = 0;
  const query = { Bucket: bucket, Prefix: "predictions/" };
  for await (const { KeyCount = 0 } of paginateListObjectsV2({ client: s3 }, query)) count += KeyCount;
  return count;
}
