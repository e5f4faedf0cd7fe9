// Waits until an endpoint serves a config, as its state-change events tell.
import { setTimeout as wait } from "node:timers/promises";
import type { Endpoint } from "@sluice/core/endpoint/endpoint.ts";
import { body, type Client } from "./client.ts";
import { EXIT, Failure } from "./failure.ts";

const POLL_MS = 250;
/** SageMaker gives a serverless container three minutes to answer, and takes a few more around it. */
const PATIENCE_MS = 10 * 60_000;

export async function inService(api: Client, model: string, endpoint: string, config: string): Promise<void> {
  const began = Date.now();
  for (;;) {
    const found = await record(api, endpoint);
    if (found?.status === "InService" && found.config === config) return;
    const ended =
      found?.status === "Failed" ||
      (found?.status === "InService" && found.failureReason && found.sourceModifiedAt > began);
    if (ended || Date.now() - began > PATIENCE_MS) {
      const what =
        found?.status === "InService"
          ? "still serves what it served before"
          : `is ${found?.status ?? "unknown"}`;
      throw new Failure(
        "ENDPOINT_FAILED",
        `${endpoint} ${what}: ${found?.failureReason ?? "no reason given"}`,
        {
          hint: `Look at its log: npx sluice logs ${model}`,
        },
      );
    }
    await wait(POLL_MS);
  }
}

/** None before the endpoint's first event has arrived. */
async function record(api: Client, name: string): Promise<Endpoint | undefined> {
  try {
    return await body(api.endpoints[":name"].$get({ param: { name } }));
  } catch (error) {
    if (error instanceof Failure && error.exit === EXIT.missing) return undefined;
    throw error;
  }
}
