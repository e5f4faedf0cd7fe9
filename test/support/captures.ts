// Capture files of a model whose predictions never happened, and the records of the version that made them.
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { db } from "@sluice/core/db.ts";
import { captureFiles, requestInput } from "@sluice/core/inference/capture.ts";
import { getModel } from "@sluice/core/model/model.ts";
import { seedRandom } from "@sluice/statistics/random.ts";
import type { Stage } from "./cloud.ts";

interface Captures {
  model: string;
  version: string;
  count: number;
  /** Epoch ms of the first; the others follow one second apart. */
  at: number;
  /** Mean of the pictures. */
  brightness?: number;
  name?: string;
  /** Appended to the file. */
  extra?: string;
}

/** Deterministic: the same name gives the same predictions. */
export function captureBody({ model, version, count, at, brightness = 120, name = "item" }: Captures) {
  const { classes, endpoint } = getModel(model);
  const random = seedRandom(name.length * 1_000 + count);
  const captured = Array.from({ length: count }, (_, index) => {
    const sure = 0.7 + 0.3 * random();
    const strongest = Math.floor(random() * classes.length);
    const predictions = classes.map((one, position) => ({
      class: one,
      probability: position === strongest ? sure : (1 - sure) / (classes.length - 1),
    }));
    const vector = Int8Array.from({ length: 16 }, () => Math.round(60 * (random() - 0.5)));
    const descriptors = {
      width: 640,
      height: 480,
      brightness: Math.max(1, brightness + 40 * (random() - 0.5)),
      embedding: Buffer.from(vector.buffer).toString("base64"),
    };
    const task = "image-classification";
    const response = { model, version, task, timing: {}, predictions, descriptors };
    return {
      id: `prd_${name}${index}`,
      endpoint,
      variant: "AllTraffic",
      input: requestInput(Buffer.from(`${index}`), "image/png"),
      response: Buffer.from(JSON.stringify(response)),
      at: at + index * 1_000,
    };
  });
  return captureFiles(captured);
}

export async function putCaptures(
  stage: Pick<Stage, "s3" | "results">,
  { extra = "", ...captures }: Captures,
): Promise<void> {
  for (const { key, body } of captureBody(captures))
    await stage.s3.send(new PutObjectCommand({ Bucket: stage.results, Key: key, Body: `${body}${extra}` }));
}

/** Makes a version live without an endpoint. */
export async function serveVersion(model: string, version: string, createdAt: string): Promise<void> {
  const { classes, task, endpoint, target } = getModel(model);
  await db()
    .entities.modelVersion.put({
      model,
      version,
      digest: version,
      packageUri: "s3://artifacts/none",
      bytes: 1,
      manifest: { task, classes: [...classes], head: "softmax" },
      source: "uploaded",
      evaluation: "none",
      status: "accepted",
      createdAt,
      changedAt: createdAt,
    })
    .go();
  await db().entities.traffic.put({ model, version, endpoint, target, changedAt: createdAt }).go();
}
