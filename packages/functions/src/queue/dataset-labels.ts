import { bring } from "@sluice/core/label/bring.ts";
import type { QueueEvent } from "../types.ts";
import { each } from "./each.ts";

export const handler = (event: QueueEvent) =>
  each(event, "LabelFilesQueue", ({ body, receives }) => bring(body, { receives, now: Date.now() }));
