// Which names of a label file match no file of the bucket, found as an import finds them.
import * as z from "zod";
import { fileLocator } from "@sluice/labels/format/file-locator.ts";
import { buckets } from "../aws/link.ts";
import { getModel } from "../model/model.ts";
import { fn } from "../util/fn.ts";
import { openBucket } from "./bucket.ts";
import { dataPrefix } from "./files.ts";

export const findMissingFiles = fn(
  z.object({ model: z.string(), files: z.array(z.string().min(1).max(1_024)).min(1).max(500) }),
  async ({ model, files }): Promise<string[]> => {
    getModel(model);
    const bucket = openBucket(buckets.uploads(), "");
    const prefix = dataPrefix(model);
    const locate = fileLocator(bucket, prefix, [prefix]);
    const missing: string[] = [];
    for (const file of files) {
      const key = await locate(file);
      if (key === undefined || !(await bucket.has(key))) missing.push(file);
    }
    return missing;
  },
);
