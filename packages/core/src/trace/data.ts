// Labels, imports and datasets in a trace.
import type { Dataset } from "../dataset/dataset.ts";
import { getDataset, getReadyDataset, listDatasets, listItems } from "../dataset/read.ts";
import { listEvents } from "../event/list.ts";
import type { Import } from "../label/import.ts";
import { findImport, getImport } from "../label/imports.ts";
import type { Label } from "../label/label.ts";
import { getLabel, listLabels } from "../label/read.ts";
import { isProductionSource } from "../label/production.ts";
import { reviewSource } from "../review/review.ts";
import { listRuns } from "../training/read.ts";
import * as link from "./links.ts";
import { findSplit } from "./member.ts";
import { MAX_CHILDREN, type Node, type Step, type Traced } from "./node.ts";

/** The newest datasets that are searched for a label. */
const MAX_DATASETS = 10;
/** Labels shown of an import or a dataset, and labels from reviews besides. */
const MAX_LABELS = 3;
/** A model's labels are in 16 partitions, of which a page reads two. */
const MAX_PAGES = 8;

export async function traceLabel({ model, id }: Node): Promise<Traced> {
  const label = await getLabel(model, id);
  return {
    link: link.labelLink(label),
    up: () => originOf(label),
    down: () => datasetsWith(label),
  };
}

/** The review or the ground truth of a prediction, or the import of its label file. */
async function originOf({ model, source, extra }: Label): Promise<Step[]> {
  const predicted = isProductionSource(source) ? extra?.["prediction"] : undefined;
  if (predicted !== undefined)
    return [{ kind: source === reviewSource ? "review" : "prediction", model, id: String(predicted) }];
  const imported = await findImport(model, source);
  return imported ? [{ kind: "import", model, id: imported.id }] : [];
}

async function datasetsWith({ model, key, labelledAt }: Label): Promise<Step[]> {
  const { items } = await listDatasets({ model, limit: MAX_CHILDREN });
  const later = items.filter(
    ({ createdAt, status }) => createdAt >= labelledAt.slice(0, 10) && status === "ready",
  );
  const steps: Step[] =
    later.length > MAX_DATASETS
      ? [`Only the newest ${MAX_DATASETS} datasets of ${model} were searched.`]
      : [];
  for (const dataset of later.slice(0, MAX_DATASETS)) {
    const note = await describeMembership(dataset, key);
    if (note) steps.push({ kind: "dataset", model, id: dataset.id, note });
  }
  return steps;
}

async function describeMembership({ folder }: Dataset, key: string): Promise<string | undefined> {
  const split = await findSplit(folder!, key);
  if (split === "none") return undefined;
  return split === "unknown"
    ? "may contain the object, but is too long to search"
    : `the object is in its ${split} split`;
}

export async function traceImport({ id }: Node, now: number): Promise<Traced> {
  const found = await getImport(id);
  return { link: link.importLink(found), down: () => labelsOf(found, now) };
}

/** The event has the keys of a small import. */
async function labelsOf({ id, model, source, added, changed }: Import, now: number): Promise<Step[]> {
  const { items } = await listEvents({ subject: id, type: "labels.changed", limit: 1 }, now);
  const keys = (items[0]?.detail["keys"] as string[] | undefined)?.slice(0, MAX_LABELS) ?? [];
  let cursor: string | undefined;
  for (let page = 0; keys.length < MAX_LABELS && page < MAX_PAGES; page++) {
    const read = await listLabels({ model, source, limit: MAX_LABELS, cursor });
    keys.push(...read.items.map(({ key }) => key).filter((key) => !keys.includes(key)));
    cursor = read.cursor;
    if (cursor === undefined) break;
  }
  const shown = keys.slice(0, MAX_LABELS);
  return [...labelNodes(model, shown), ...describeHidden(shown.length, added + changed, id)];
}

const labelNodes = (model: string, keys: string[]): Node[] =>
  keys.map((key) => ({ kind: "label", model, id: key }));

const describeHidden = (shown: number, total: number, id: string): string[] =>
  shown < total ? [`${shown} of the ${total} labels of ${id} are shown.`] : [];

export async function traceDataset({ id, note }: Node): Promise<Traced> {
  const dataset = await getDataset(id);
  const found = link.datasetLink(dataset);
  return {
    link: note ? { ...found, what: `${found.what}; ${note}` } : found,
    up: () => itemsOf(dataset),
    down: () => runsOn(dataset),
  };
}

/** Its first items, and the first items whose labels are from reviews. */
async function itemsOf({ id, model, status, items }: Dataset): Promise<Step[]> {
  if (status !== "ready" || !items) return [];
  const { items: lines } = await listItems(await getReadyDataset(id), { split: "train", limit: 1_000 });
  const first = lines.slice(0, MAX_LABELS);
  const reviewed = lines.slice(MAX_LABELS).filter((line) => line.reviewed);
  const keys = [...first, ...reviewed.slice(0, MAX_LABELS)].map(({ file }) => file);
  return [
    ...labelNodes(model, keys),
    ...describeHidden(keys.length, items.train + items.validation + items.test, id),
  ];
}

async function runsOn({ id, model }: Dataset): Promise<Step[]> {
  const { items } = await listRuns({ model, limit: MAX_CHILDREN });
  return items
    .filter(({ dataset }) => dataset === id)
    .map(({ name }) => ({ kind: "run" as const, model, id: name }));
}
