import { bring } from "@sluice/core/label/bring.ts";
import type { Context, QueueEvent } from "../types.ts";
import { each } from "./each.ts";

export const handler = (event: QueueEvent, context: Context) =>
  each(event, context, "LabelFilesQueue", ({ body, receives }) => bring(body, { receives, now: Date.now() }));
