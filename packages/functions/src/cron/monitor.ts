import { monitorOnSchedule } from "@sluice/core/monitor/run.ts";
import type { Context } from "../types.ts";

export async function handler(_: unknown, context: Context) {
  await monitorOnSchedule(process.env.SLUICE_MODEL ?? "", Date.now() + context.getRemainingTimeInMillis());
}
