import { handleDeliveryMessage } from "@sluice/core/alert/deliver.ts";
import type { Context, QueueEvent } from "../types.ts";
import { each } from "./each.ts";

export const handler = (event: QueueEvent, context: Context) =>
  each(event, context, "AlertQueue", ({ body }) => handleDeliveryMessage(body, Date.now()));
