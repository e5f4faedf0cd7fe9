import { inspectStep } from "@sluice/core/dataset/prepare/deliver.ts";
import type { QueueEvent } from "../types.ts";
import { each } from "./each.ts";

export const handler = (event: QueueEvent) =>
  each(event, "DatasetInspectQueue", ({ body, receives }) =>
    inspectStep(body, { receives, now: Date.now() }),
  );
