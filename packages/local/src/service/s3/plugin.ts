// S3: buckets and their settings from the graph, objects from calls.
import type { Plugin } from "../../kernel/service.ts";
import { RESOURCES } from "./bucket/declared.ts";
import { startS3 } from "./server.ts";

export const s3: Plugin = {
  name: "s3",
  resources: RESOURCES,
  start: startS3,
};
