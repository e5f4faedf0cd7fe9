// Finds the records of an id, an object's key or an S3 URI. Most ids show their kind; others are looked up.
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { shardOf } from "../label/shard.ts";
import { listModels } from "../model/model.ts";
import { findOfEvent, findOfImport } from "./find-event.ts";
import { parseUri, predictionsOf } from "./find-object.ts";
import type { Node } from "./node.ts";
import type { Kind } from "./trace.ts";

export async function findNodes(id: string, now: number): Promise<Node[]> {
  const uri = parseUri(id);
  const found = uri ? await findOfObject(uri, now) : await findAny(id, now);
  if (found.length > 0) return found;
  throw new SluiceError("TRACE_UNKNOWN", `There is no record of "${id}".`, { details: { id } });
}

async function findOfObject({ key, ours }: { key: string; ours: boolean }, now: number): Promise<Node[]> {
  if (ours) return findKey(key);
  // The last part of a key that names a record: `predictions/cats/2026/11/21/prd_0123.json`.
  for (const part of key.split("/").toReversed()) {
    const found = part === "" ? [] : await findById(part.replace(/\.[a-z.]+$/, ""), now);
    if (found.length > 0) return found;
  }
  return [];
}

async function findAny(id: string, now: number): Promise<Node[]> {
  const found = await findById(id, now);
  return found.length > 0 ? found : findKey(id);
}

/** These kinds are found by their prefix; a missing record is an error of its own. */
const prefixes: Record<string, Kind> = {
  ds: "dataset",
  dep: "deployment",
  drp: "report",
  ret: "decision",
  alt: "alert",
};

async function findById(id: string, now: number): Promise<Node[]> {
  const [prefix = ""] = id.split("_");
  if (prefix === "evt") return findOfEvent(id, (record) => findById(record, now));
  if (prefix === "imp") return findOfImport(id, now);
  const kind = id.includes("_") ? prefixes[prefix] : undefined;
  if (kind === "decision")
    // Its event is listed by its model, which the id does not name.
    return findOfEvent(id, () => Promise.resolve([]));
  if (kind === "alert") return [{ kind, model: id.split("_").slice(1, -2).join("_"), id }];
  if (kind) return [{ kind, model: "", id }];
  const named = await findByName(id);
  if (named.length > 0) return named;
  return /^[0-9a-f]{6,64}$/.test(id) ? findVersion(id.slice(0, 12)) : [];
}

async function findByName(id: string): Promise<Node[]> {
  const { trainingRun, endpoint, prediction } = db().entities;
  const [run, served, predicted] = await Promise.all([
    trainingRun.get({ name: id }).go(),
    endpoint.get({ name: id }).go(),
    prediction.get({ id }).go(),
  ]);
  if (run.data) return [{ kind: "run", model: run.data.model, id }];
  if (served.data) return [{ kind: "endpoint", model: served.data.model, id }];
  return predicted.data ? [{ kind: "prediction", model: predicted.data.model, id }] : [];
}

async function findVersion(prefix: string): Promise<Node[]> {
  for (const { name: model } of listModels()) {
    const { data } = await db()
      .entities.modelVersion.query.byVersion({ model })
      .begins({ version: prefix })
      .go({ limit: 1 });
    if (data[0]) return [{ kind: "version", model, id: data[0].version }];
  }
  return [];
}

/** The labels of an object, and the predictions of its versions. */
async function findKey(key: string): Promise<Node[]> {
  const labels = await findLabels(key);
  return [...labels, ...(await predictionsOf(key))];
}

/** By the object's key, or by its name below `data/<model>/`. */
async function findLabels(key: string): Promise<Node[]> {
  const nodes: Node[] = [];
  for (const { name: model } of listModels()) {
    for (const full of [key, `data/${model}/${key}`]) {
      const { data } = await db()
        .entities.label.get({ model, shard: shardOf(full), key: full })
        .go();
      if (data) nodes.push({ kind: "label", model, id: full });
    }
  }
  return nodes;
}
