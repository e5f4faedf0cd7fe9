import { prepareStep } from "@sluice/core/dataset/prepare/deliver.ts";
import type { QueueEvent } from "../types.ts";
import { each } from "./each.ts";

export const handler = (event: QueueEvent) =>
  each(event, "DatasetPrepareQueue", ({ body, receives }) =>
    prepareStep(body, { receives, now: Date.now() }),
  );
