import { importGroundTruthFile } from "@sluice/core/accuracy/import-file.ts";
import { importLabels } from "@sluice/core/label/import-labels.ts";
import type { Context, QueueEvent } from "../types.ts";
import { each } from "./each.ts";

/** Each import ignores the files of the other. */
export const handler = (event: QueueEvent, context: Context) =>
  each(event, context, "LabelFilesQueue", async ({ body, receives }) => {
    const receipt = { receives, now: Date.now() };
    await importLabels(body, receipt);
    await importGroundTruthFile(body, receipt);
  });
