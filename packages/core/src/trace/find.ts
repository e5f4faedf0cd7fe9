// Finds the record of an id. Most ids show their kind; others are looked up.
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { shardOf } from "../label/shard.ts";
import { listModels } from "../model/model.ts";

export type TraceStart =
  | { kind: "label"; labels: { model: string; key: string }[] }
  | { kind: "dataset" | "run" | "deployment" | "endpoint" | "prediction"; id: string }
  | { kind: "version"; model: string; id: string };

export async function findStart(id: string): Promise<TraceStart> {
  if (id.startsWith("ds_")) return { kind: "dataset", id };
  if (id.startsWith("dep_")) return { kind: "deployment", id };
  const found =
    (await findLabel(id)) ??
    (await findByName(id)) ??
    (/^[0-9a-f]{6,64}$/.test(id) ? await findVersion(id.slice(0, 12)) : undefined);
  if (found) return found;
  throw new SluiceError("TRACE_UNKNOWN", `There is no record of "${id}".`, { details: { id } });
}

/** By the object's key, or by its name below `data/<model>/`. */
async function findLabel(key: string): Promise<TraceStart | undefined> {
  const labels: { model: string; key: string }[] = [];
  for (const { name: model } of listModels()) {
    for (const full of [key, `data/${model}/${key}`]) {
      const { data } = await db()
        .entities.label.get({ model, shard: shardOf(full), key: full })
        .go();
      if (data) labels.push({ model, key: full });
    }
  }
  return labels.length > 0 ? { kind: "label", labels } : undefined;
}

async function findByName(id: string): Promise<TraceStart | undefined> {
  const { trainingRun, endpoint, prediction } = db().entities;
  const [run, served, predicted] = await Promise.all([
    trainingRun.get({ name: id }).go(),
    endpoint.get({ name: id }).go(),
    prediction.get({ id }).go(),
  ]);
  if (run.data) return { kind: "run", id };
  if (served.data) return { kind: "endpoint", id };
  return predicted.data ? { kind: "prediction", id } : undefined;
}

async function findVersion(prefix: string): Promise<TraceStart | undefined> {
  for (const { name: model } of listModels()) {
    const { data } = await db()
      .entities.modelVersion.query.byVersion({ model })
      .begins({ version: prefix })
      .go({ limit: 1 });
    if (data[0]) return { kind: "version", model, id: data[0].version };
  }
  return undefined;
}
