import * as z from "zod";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import { decodeCursor, encodeCursor } from "../util/cursor.ts";
import { fn } from "../util/fn.ts";
import { allItems } from "../util/page.ts";
import { Label, type Counts } from "./label.ts";
import type { LabelItem } from "./label.entity.ts";
import { shardOf, shards } from "./shard.ts";

const toLabel = (item: LabelItem): Label => Label.parse(item);

export async function getLabel(model: string, key: string): Promise<Label> {
  getModel(model);
  const { data } = await db()
    .entities.label.get({ model, shard: shardOf(key), key })
    .go();
  if (data) return toLabel(data);
  throw new SluiceError("LABEL_UNKNOWN", `${key} has no label for the model ${model}.`, {
    details: { model, key },
  });
}

export const LabelQuery = z.object({
  model: z.string(),
  class: z.string().optional(),
  /** The label file, or who set the label. */
  source: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  cursor: z.string().optional(),
});

export interface LabelPage {
  items: Label[];
  /** Request the next page with it. Absent on the last page. A page may be short or empty. */
  cursor?: string;
}

/** Reads shard by shard, with at most two queries for a page. */
export const listLabels = fn(LabelQuery, async ({ cursor, limit, ...query }): Promise<LabelPage> => {
  const { task } = getModel(query.model);
  const indexed = query.class !== undefined && task !== "object-detection";
  const position = cursor ? decodeCursor(cursor, query) : { bucket: shards[0]! };
  let at = shards.indexOf(position.bucket);
  if (at === -1) throw new SluiceError("CURSOR_INVALID", "The cursor is damaged.");
  let after = position.after?.id;
  const items: Label[] = [];
  for (let queries = 0; queries < 2 && at < shards.length; queries++) {
    const read = await page({ ...query, shard: shards[at]!, indexed, after, limit: limit - items.length });
    items.push(...read.items);
    after = read.after;
    if (after !== undefined) break;
    at += 1;
    if (items.length >= limit) break;
  }
  if (at >= shards.length) return { items };
  const next = { bucket: shards[at]!, after: after === undefined ? undefined : { at: "", id: after } };
  return { items, cursor: encodeCursor(next, query) };
});

interface PageRequest {
  model: string;
  shard: string;
  class?: string;
  source?: string;
  indexed: boolean;
  after?: string;
  limit: number;
}

async function page({ model, shard, class: name, source, indexed, after, limit }: PageRequest) {
  const { label } = db().entities;
  const query = indexed
    ? label.query.byClass({ model, filed: name!, shard })
    : label.query.byKey({ model, shard });
  const filtered = source !== undefined || (name !== undefined && !indexed);
  const { data, cursor } = await (after === undefined ? query : query.gt({ key: after }))
    .where((is, { eq }) => (source === undefined ? "" : eq(is.source, source)))
    // DynamoDB filters after the limit. With a filter, it reads 1 MB instead.
    .go({ pager: "raw", ...(filtered ? {} : { limit }) });
  const matches = name === undefined || indexed ? data : data.filter((item) => hasClass(item, name));
  const items = matches.slice(0, limit).map(toLabel);
  if (matches.length > limit) return { items, after: items.at(-1)?.key };
  return { items, after: cursor === null ? undefined : keyOf(cursor) };
}

const hasClass = ({ boxes = [] }: LabelItem, name: string) => boxes.some((box) => box.class === name);

/** The last key that DynamoDB read, from the sort key. */
function keyOf(cursor: unknown): string | undefined {
  const sk = (cursor as Record<string, string> | null)?.["sk"];
  return sk?.slice(sk.indexOf("#key_") + "#key_".length);
}

/** All labels of a model, shard by shard, each sorted by key. */
export async function* streamLabels(model: string): AsyncGenerator<LabelItem> {
  for (const shard of shards) yield* streamShard(model, shard);
}

export const streamShard = (model: string, shard: string): AsyncGenerator<LabelItem> =>
  allItems((cursor) => db().entities.label.query.byKey({ model, shard }).go({ cursor, consistent: true }));

/** Reads 16 items for any number of labels: each write updates the counts of its shard. */
export async function countLabels(model: string): Promise<Counts> {
  const { classes: declared, task } = getModel(model);
  const { data } = await db().entities.labelShard.query.byModel({ model }).go({ pages: "all" });
  const sums = new Map<string, [number, number]>(declared.map((name) => [name, [0, 0]]));
  for (const { classes } of data)
    for (const [name, [items, boxes]] of Object.entries(classes)) {
      const [oldItems, oldBoxes] = sums.get(name) ?? [0, 0];
      sums.set(name, [oldItems + items, oldBoxes + boxes]);
    }
  return {
    model,
    total: data.reduce((sum, { total }) => sum + total, 0),
    classes: [...sums].map(([name, [items, boxes]]) => ({
      class: name,
      items,
      boxes: task === "object-detection" ? boxes : undefined,
    })),
  };
}
