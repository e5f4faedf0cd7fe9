// Batches of <Model>Infer in this process: the table and the queue on the embedded cloud, the other services mocked.
import { getModel } from "@sluice/core/model/model.ts";
import { processBatch } from "@sluice/core/prediction/batch.ts";
import type { Delivery } from "@sluice/core/prediction/group.ts";
import { predictionId } from "@sluice/core/prediction/id.ts";
import { getPrediction } from "@sluice/core/prediction/record.ts";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { edges } from "./edges.ts";
import { stage } from "./stage.ts";

/** Starts a stage for the tests of the file. */
export function batchTests() {
  let cloud: Awaited<ReturnType<typeof stage>>;
  const mocks = edges();
  beforeAll(async () => {
    cloud = await stage();
  });
  afterAll(() => cloud.dispose());
  beforeEach(mocks.works);

  const time = { now: Date.parse("2026-11-21T04:00:01Z") };
  /** The delays between retries, ms. */
  const delays: number[] = [];
  const printed: string[] = [];
  const deps = {
    print: (line: string) => void printed.push(line),
    now: () => time.now++,
    random: () => 1,
    sleep: (ms: number) => {
      delays.push(ms);
      time.now += ms;
      return Promise.resolve();
    },
  };
  /** Returns the ids of the messages that stay in the queue. */
  const run = (deliveries: Delivery[]) =>
    processBatch(
      getModel("vehicles"),
      deliveries,
      { deadline: time.now + 60_000, maxReceives: 5, concurrency: 5 },
      deps,
    );
  const id = (key: string) => predictionId({ bucket: "uploads", key, versionId: "v1", model: "vehicles" });
  return {
    ...mocks,
    cloud: () => cloud,
    time,
    delays,
    printed,
    run,
    id,
    record: (key: string) => getPrediction(id(key)),
  };
}
