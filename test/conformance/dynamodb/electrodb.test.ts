// ElectroDB, which stores Sluice's records, on the embedded DynamoDB: all features that the app may use.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamodb } from "@sluice/local/service/dynamodb/plugin.ts";
import { testCloud, type TestCloud } from "@sluice/local/kernel/testing-cloud.ts";
import { Entity, Service } from "electrodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const attributes = ["pk", "sk", "gsi1pk", "gsi1sk"];
const resource = {
  name: "Table",
  type: "aws:dynamodb/table:Table",
  inputs: {
    name: "records",
    billingMode: "PAY_PER_REQUEST",
    hashKey: "pk",
    rangeKey: "sk",
    attributes: attributes.map((name) => ({ name, type: "S" })),
    globalSecondaryIndexes: [{ name: "gsi1", hashKey: "gsi1pk", rangeKey: "gsi1sk", projectionType: "ALL" }],
  },
};

const Run = new Entity({
  model: { entity: "run", version: "1", service: "lab" },
  attributes: {
    model: { type: "string", required: true },
    id: { type: "string", required: true },
    status: { type: ["pending", "running", "done"] as const, required: true },
    epochs: { type: "number", default: 0 },
    labels: { type: "set", items: "string" },
    metrics: { type: "map", properties: { loss: { type: "number" }, notes: { type: "string" } } },
    log: { type: "list", items: { type: "string" } },
  },
  indexes: {
    byModel: { pk: { field: "pk", composite: ["model"] }, sk: { field: "sk", composite: ["id"] } },
    byStatus: {
      index: "gsi1",
      collection: "work",
      pk: { field: "gsi1pk", composite: ["status"] },
      sk: { field: "gsi1sk", composite: ["model", "id"] },
    },
  },
});

const Alert = new Entity({
  model: { entity: "alert", version: "1", service: "lab" },
  attributes: {
    id: { type: "string", required: true },
    status: { type: "string", required: true },
  },
  indexes: {
    one: { pk: { field: "pk", composite: ["id"] }, sk: { field: "sk", composite: [] } },
    byStatus: {
      index: "gsi1",
      collection: "work",
      pk: { field: "gsi1pk", composite: ["status"] },
      sk: { field: "gsi1sk", composite: ["id"] },
    },
  },
});

let cloud: TestCloud;
let lab: Service<{ run: typeof Run; alert: typeof Alert }>;
beforeAll(async () => {
  cloud = await testCloud({ plugins: [dynamodb], graph: { resources: [resource] } });
  lab = new Service(
    { run: Run, alert: Alert },
    { client: new DynamoDBClient(cloud.client), table: "records" },
  );
});
afterAll(() => cloud.dispose());

const run = (id: string, more: object = {}) => ({ model: "cats", id, status: "pending" as const, ...more });

describe("ElectroDB", () => {
  test("creates once, gets, patches an existing item, upserts any", async () => {
    const { run: runs } = lab.entities;
    await runs.create(run("a", { labels: ["x"], metrics: { loss: 0.5 }, log: ["first"] })).go();
    await expect(runs.create(run("a")).go()).rejects.toThrow(/conditional request failed/);
    await runs
      .patch({ model: "cats", id: "a" })
      .add({ epochs: 2, labels: ["y"] })
      .append({ log: ["second"] })
      .set({ metrics: { loss: 0.25, notes: "better" } })
      .where(({ status }, { eq }) => eq(status, "pending"))
      .go();
    const { data } = await runs.get({ model: "cats", id: "a" }).go();
    expect(data).toMatchObject({
      epochs: 2,
      labels: ["x", "y"],
      log: ["first", "second"],
      metrics: { loss: 0.25, notes: "better" },
    });
    await expect(runs.patch({ model: "cats", id: "nope" }).set({ epochs: 1 }).go()).rejects.toThrow(
      /conditional request failed/,
    );
    const upserted = await runs.upsert(run("b", { epochs: 7 })).go({ response: "all_new" });
    expect(upserted.data.epochs).toBe(7);
    await runs.upsert(run("b", { epochs: 8 })).go();
    expect((await runs.get({ model: "cats", id: "b" }).go()).data?.epochs).toBe(8);
  });

  test("updates a nested value by its path and removes an attribute", async () => {
    const { run: runs } = lab.entities;
    await runs.put(run("nested", { metrics: { loss: 1, notes: "n" }, log: ["only"] })).go();
    const { data } = await runs
      .update({ model: "cats", id: "nested" })
      .data(({ metrics, log }, { set, remove }) => {
        set(metrics.loss, 0.1);
        remove(log);
      })
      .go({ response: "all_new" });
    expect(data).toMatchObject({ metrics: { loss: 0.1, notes: "n" } });
    expect(data.log).toBeUndefined();
  });

  test("queries by partial keys, ranges, filters and pages", async () => {
    const { run: runs } = lab.entities;
    const ids = Array.from({ length: 30 }, (_, i) => `r${String(i).padStart(2, "0")}`);
    await runs.put(ids.map((id, i) => run(id, { model: "dogs", epochs: i }))).go();
    const all = await runs.query.byModel({ model: "dogs" }).go({ pages: "all" });
    expect(all.data.map(({ id }) => id)).toEqual(ids);
    const between = await runs.query.byModel({ model: "dogs" }).between({ id: "r05" }, { id: "r08" }).go();
    expect(between.data.map(({ id }) => id)).toEqual(["r05", "r06", "r07", "r08"]);
    const begins = await runs.query.byModel({ model: "dogs" }).begins({ id: "r1" }).go({ order: "desc" });
    expect(begins.data[0]?.id).toBe("r19");
    const filtered = await runs.query
      .byModel({ model: "dogs" })
      .where(({ epochs }, { gte }) => gte(epochs, 28))
      .go();
    expect(filtered.data.map(({ id }) => id)).toEqual(["r28", "r29"]);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = (await runs.query
        .byStatus({ status: "pending", model: "dogs" })
        .go({ limit: 7, cursor })) as { data: { id: string }[]; cursor: string | null };
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor);
    expect(seen).toEqual(ids);
  });

  test("gets and deletes in batches, and scans", async () => {
    const { run: runs } = lab.entities;
    const keys = ["1", "2", "3"].map((id) => ({ model: "batch", id }));
    await runs.put(keys.map((key) => run(key.id, key))).go();
    const got = await runs.get(keys).go({ preserveBatchOrder: true });
    expect(got.data.map((item) => item?.id)).toEqual(["1", "2", "3"]);
    await runs.delete(keys).go();
    const left = await runs.scan.where(({ model }, { eq }) => eq(model, "batch")).go({ pages: "all" });
    expect(left.data).toEqual([]);
  });

  test("reads a collection across entities", async () => {
    await lab.entities.alert.put({ id: "fire", status: "done" }).go();
    await lab.entities.run.put(run("c", { status: "done" })).go();
    const { data } = await lab.collections.work({ status: "done" }).go();
    expect(data.alert).toEqual([{ id: "fire", status: "done" }]);
    expect(data.run.map(({ id }) => id)).toEqual(["c"]);
  });

  test("writes and reads in transactions", async () => {
    const write = (id: string) =>
      lab.transaction
        .write(({ run: runs, alert }) => [
          runs.create(run(id, { model: "tx" })).commit({ response: "all_old" }),
          alert.put({ id, status: "open" }).commit(),
          runs
            .check({ model: "tx", id: "never" })
            .where(({ status }, { notExists }) => notExists(status))
            .commit(),
        ])
        .go();
    expect((await write("one")).canceled).toBe(false);
    const again = await write("one");
    expect(again.canceled).toBe(true);
    expect(again.data[0]).toMatchObject({
      rejected: true,
      code: "ConditionalCheckFailed",
      item: { id: "one" },
    });
    const { data } = await lab.transaction
      .get(({ run: runs, alert }) => [
        runs.get({ model: "tx", id: "one" }).commit(),
        alert.get({ id: "one" }).commit(),
      ])
      .go();
    expect(data.map(({ item }) => item?.id)).toEqual(["one", "one"]);
  });
});
