import { setTimeout as wait } from "node:timers/promises";

/** SageMaker's longest step: an endpoint whose creation fails. */
const LIMIT_MS = 45 * 60_000;

/** Calls `check` until it is true. The first call is immediate. */
export async function waitUntil(what: string, everyMs: number, check: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < LIMIT_MS; waited += everyMs) {
    if (await check()) return;
    await wait(everyMs);
  }
  throw new Error(`Waited ${LIMIT_MS / 60_000} minutes until ${what}.`);
}
