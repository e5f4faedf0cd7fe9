import { handleInspectMessage } from "@sluice/core/dataset/prepare/handle-message.ts";
import type { Context, QueueEvent } from "../types.ts";
import { each } from "./each.ts";

export const handler = (event: QueueEvent, context: Context) =>
  each(event, context, "DatasetInspectQueue", ({ body, receives }) =>
    handleInspectMessage(body, { receives, now: Date.now() }),
  );
