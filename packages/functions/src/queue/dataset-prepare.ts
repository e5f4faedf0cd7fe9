import { prepareStep } from "@sluice/core/dataset/prepare/deliver.ts";
import type { Context, QueueEvent } from "../types.ts";
import { each } from "./each.ts";

export const handler = (event: QueueEvent, context: Context) =>
  each(event, context, "DatasetPrepareQueue", ({ body, receives }) =>
    prepareStep(body, { receives, now: Date.now() }),
  );
