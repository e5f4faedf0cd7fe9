import { inspectStep } from "@sluice/core/dataset/prepare/deliver.ts";
import type { Context, QueueEvent } from "../types.ts";
import { each } from "./each.ts";

export const handler = (event: QueueEvent, context: Context) =>
  each(event, context, "DatasetInspectQueue", ({ body, receives }) =>
    inspectStep(body, { receives, now: Date.now() }),
  );
