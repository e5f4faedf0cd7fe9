import { importLabels } from "@sluice/core/label/import-labels.ts";
import type { Context, QueueEvent } from "../types.ts";
import { each } from "./each.ts";

export const handler = (event: QueueEvent, context: Context) =>
  each(event, context, "LabelFilesQueue", ({ body, receives }) =>
    importLabels(body, { receives, now: Date.now() }),
  );
