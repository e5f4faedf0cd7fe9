import { handlePrepareMessage } from "@sluice/core/dataset/prepare/handle-message.ts";
import type { Context, QueueEvent } from "../types.ts";
import { each } from "./each.ts";

export const handler = (event: QueueEvent, context: Context) =>
  each(event, context, "DatasetPrepareQueue", ({ body, receives }) =>
    handlePrepareMessage(body, { receives, now: Date.now() }),
  );
