// What is known of files, beside the labels that are for them.
import { setTimeout as wait } from "node:timers/promises";
import { db } from "../../db.ts";
import { byPath } from "@sluice/labels/format/collection.ts";
import type { FactItem } from "../fact.entity.ts";
import type { LabelItem } from "../../label/label.entity.ts";
import { streamShard } from "../../label/read.ts";
import { shards } from "../../label/shard.ts";

export async function keep(facts: FactItem[]): Promise<void> {
  let rest = facts;
  for (let pause = 50; rest.length > 0; pause = Math.min(5_000, pause * 2)) {
    const { unprocessed } = await db().entities.fact.put(rest).go({ concurrency: 4 });
    const keys = new Set(unprocessed.map(({ shard, key }) => `${shard} ${key}`));
    rest = rest.filter(({ shard, key }) => keys.has(`${shard} ${key}`));
    // What DynamoDB left over it had no capacity for.
    if (rest.length > 0) await wait(pause);
  }
}

async function* factsOf(model: string, shard: string): AsyncGenerator<FactItem> {
  let cursor: string | null = null;
  do {
    const read: { data: FactItem[]; cursor: string | null } = await db()
      .entities.fact.query.byKey({ model, shard })
      .go({ cursor, consistent: true });
    yield* read.data;
    cursor = read.cursor;
  } while (cursor);
}

export interface Known {
  label: LabelItem;
  fact: FactItem | undefined;
}

/** Every label with what is known of its file: both lie in the same order, so they are read side by side. */
export async function* labelsWithFacts(model: string): AsyncGenerator<Known> {
  for (const shard of shards) {
    const facts = factsOf(model, shard);
    let fact = await next(facts);
    for await (const label of streamShard(model, shard)) {
      while (fact && fact.key !== label.key && byPath(fact.key, label.key) < 0) fact = await next(facts);
      yield { label, fact: fact?.key === label.key ? fact : undefined };
    }
    await facts.return(undefined);
  }
}

const next = async <T>(items: AsyncGenerator<T>) => {
  const { value, done } = await items.next();
  return done ? undefined : (value as T);
};
