import * as z from "zod";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { model as modelNamed } from "../model/model.ts";
import { decodeCursor, encodeCursor } from "../util/cursor.ts";
import { fn } from "../util/fn.ts";
import { Label, type Counts } from "./label.ts";
import type { LabelItem } from "./label.entity.ts";
import { shardOf, shards } from "./shard.ts";
import type { ByClass } from "./tally.ts";

/** The table's own fields left out. */
const toLabel = (item: LabelItem): Label => Label.parse(item);

export async function get(model: string, key: string): Promise<Label> {
  modelNamed(model);
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
  /** The label file, or who set it. */
  source: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  cursor: z.string().optional(),
});

export interface LabelPage {
  items: Label[];
  /** Ask again with it for the rest; absent at the end. A page may be short, even empty. */
  cursor?: string;
}

/** Partition after partition, at most two queries a page. */
export const list = fn(LabelQuery, async ({ cursor, limit, ...query }): Promise<LabelPage> => {
  const { task } = modelNamed(query.model);
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

interface Wanted {
  model: string;
  shard: string;
  class?: string;
  source?: string;
  indexed: boolean;
  after?: string;
  limit: number;
}

async function page({ model, shard, class: name, source, indexed, after, limit }: Wanted) {
  const { label } = db().entities;
  const line = indexed
    ? label.query.byClass({ model, filed: name!, shard })
    : label.query.byKey({ model, shard });
  const filtered = source !== undefined || (name !== undefined && !indexed);
  const { data, cursor } = await (after === undefined ? line : line.gt({ key: after }))
    .where((is, { eq }) => (source === undefined ? "" : eq(is.source, source)))
    // A filter is applied after the limit: with one, a whole read (1 MB) is looked through instead.
    .go({ pager: "raw", ...(filtered ? {} : { limit }) });
  const fits = name === undefined || indexed ? data : data.filter((item) => has(item, name));
  const taken = fits.slice(0, limit);
  const more = fits.length > limit || cursor !== null;
  const last = fits.length > limit ? taken.at(-1)?.key : keyOf(cursor);
  return { items: taken.map(toLabel), after: more ? last : undefined };
}

const has = ({ boxes }: LabelItem, name: string) =>
  ((boxes ?? []) as { class: string }[]).some((box) => box.class === name);

/** Where DynamoDB stopped, read from the table's own sort key. */
function keyOf(cursor: unknown): string | undefined {
  const sk = (cursor as Record<string, string> | null)?.["sk"];
  return sk?.slice(sk.indexOf("#key_") + "#key_".length);
}

/** All of a model's labels, partition after partition, each in the order of its keys. */
export async function* stream(model: string): AsyncGenerator<LabelItem> {
  for (const shard of shards) yield* streamShard(model, shard);
}

export async function* streamShard(model: string, shard: string): AsyncGenerator<LabelItem> {
  let cursor: string | null = null;
  do {
    const read: { data: LabelItem[]; cursor: string | null } = await db()
      .entities.label.query.byKey({ model, shard })
      .go({ cursor, consistent: true });
    yield* read.data;
    cursor = read.cursor;
  } while (cursor);
}

/** Kept with every write, so that counting reads 16 items however many labels there are. */
export async function counts(model: string): Promise<Counts> {
  const { classes: declared, task } = modelNamed(model);
  const { data } = await db().entities.labelShard.query.byModel({ model }).go({ pages: "all" });
  const sums = new Map<string, [number, number]>(declared.map((name) => [name, [0, 0]]));
  for (const { classes } of data)
    for (const [name, [items, boxes]] of Object.entries(classes as ByClass)) {
      const [had, hadBoxes] = sums.get(name) ?? [0, 0];
      sums.set(name, [had + items, hadBoxes + boxes]);
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
