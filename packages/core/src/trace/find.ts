// What an id is the id of. Most ids say so by their form; the others are looked for where they could be.
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import * as Model from "../model/model.ts";
import { shardOf } from "../label/shard.ts";
import type { TrainingRunItem } from "../training/training.entity.ts";

export type Start =
  | { kind: "label"; labels: { model: string; key: string }[] }
  | { kind: "dataset" | "run" | "deployment" | "endpoint" | "prediction"; id: string }
  | { kind: "version"; model: string; id: string };

export async function startOf(asked: string): Promise<Start> {
  if (asked.startsWith("ds_")) return { kind: "dataset", id: asked };
  if (asked.startsWith("dep_")) return { kind: "deployment", id: asked };
  const found =
    (await labelled(asked)) ??
    (await named(asked)) ??
    (/^[0-9a-f]{6,64}$/.test(asked) ? await version(asked.slice(0, 12)) : undefined);
  if (found) return found;
  throw new SluiceError("TRACE_UNKNOWN", `Nothing is known of "${asked}".`, { details: { asked } });
}

/** The object's key; a label may also be named by its file's name under `data/<model>/`. */
async function labelled(key: string): Promise<Start | undefined> {
  const labels: { model: string; key: string }[] = [];
  for (const { name: model } of Model.list()) {
    for (const full of [key, `data/${model}/${key}`]) {
      const { data } = await db()
        .entities.label.get({ model, shard: shardOf(full), key: full })
        .go();
      if (data) labels.push({ model, key: full });
    }
  }
  return labels.length > 0 ? { kind: "label", labels } : undefined;
}

async function named(name: string): Promise<Start | undefined> {
  const { trainingRun, endpoint, prediction } = db().entities;
  const [run, behind, made] = await Promise.all([
    trainingRun.get({ name }).go(),
    endpoint.get({ name }).go(),
    prediction.get({ id: name }).go(),
  ]);
  if ((run.data as TrainingRunItem | null) !== null) return { kind: "run", id: name };
  if (behind.data) return { kind: "endpoint", id: name };
  return made.data ? { kind: "prediction", id: name } : undefined;
}

async function version(prefix: string): Promise<Start | undefined> {
  for (const { name: model } of Model.list()) {
    const { data } = await db()
      .entities.modelVersion.query.byVersion({ model })
      .begins({ version: prefix })
      .go({ limit: 1 });
    if (data[0]) return { kind: "version", model, id: data[0].version };
  }
  return undefined;
}
