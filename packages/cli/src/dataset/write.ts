// Writes labels, and the files that they name, to a new folder.
import type { Collection } from "@sluice/labels/format/collection.ts";
import type { Samples } from "@sluice/labels/format/format.ts";
import { printNote, sanitize } from "../terminal/output.ts";
import { createOutputFolder } from "./output-folder.ts";
import type { WriteOptions } from "./write-options.ts";

const MAX_NAMES = 5;

interface Dataset {
  items: Samples;
  classes?: readonly string[];
  /** Contains the files. */
  collection: Collection;
  /** Called for each file that was copied, or is missing. */
  onFile?(): void;
}

export interface Written {
  /** Number of copied files. */
  files: number;
  missing: string[];
}

export async function writeDataset(
  folder: string,
  { to, labelsOnly }: WriteOptions,
  { items, classes, collection, onFile }: Dataset,
): Promise<Written> {
  const { writeLabels } = await import("@sluice/labels/format/formats.ts");
  const { readImageSize } = await import("@sluice/labels/image/image-size.ts");
  const output = await createOutputFolder(folder);
  const context = {
    classes,
    base: collection.name.startsWith("s3://") ? collection.name : "",
    size: (file: string) => readImageSize(collection, file),
    text: async (file: string) => {
      const bytes = await collection.read(file);
      return bytes && new TextDecoder().decode(bytes);
    },
  };
  const missing: string[] = [];
  let files = 0;
  try {
    for await (const part of writeLabels(to, items, context)) {
      if ("text" in part) await output.appendText(part.path, part.text);
      else if (!labelsOnly) {
        const bytes = await collection.stream(part.copyOf);
        if (!bytes) missing.push(part.copyOf);
        else {
          await output.copyFile(part.path, bytes);
          files += 1;
        }
        onFile?.();
      }
    }
    await output.publish();
  } catch (error) {
    await output.abandon();
    throw error;
  }
  return { files, missing };
}

export function showMissing(missing: string[]) {
  if (missing.length > 0)
    printNote(`${missing.length} files are missing: ${missing.slice(0, MAX_NAMES).map(sanitize).join(", ")}`);
}
