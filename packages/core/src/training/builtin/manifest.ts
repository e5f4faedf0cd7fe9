// Writes a dataset as augmented manifests: SageMaker streams each image with its class, without copying images. They
// belong to the run: only the built-in algorithm reads them.
import { buckets } from "../../aws/link.ts";
import type { Dataset } from "../../dataset/dataset.ts";
import { readLines } from "@sluice/labels/format/lines.ts";
import { Line } from "../../dataset/line.ts";
import { artifactFolder } from "../../dataset/prepare/artifact-file.ts";
import { SluiceError } from "../../error/error.ts";
import { openPackage } from "../../version/package.ts";

/** In the order that the algorithm expects. */
export const attributes = ["source-ref", "class"];
export const splits = ["train", "validation"] as const;

export const manifestFolder = (run: string) => `training/${run}/input/`;
/** The algorithm decodes JPEG and PNG. Files without one of these extensions are passed on. */
const undecodable = /\.(gif|webp|bmp|tiff?|avif|heic|heif)$/i;

export async function writeManifests(
  run: string,
  { id, folder, items }: Dataset,
  classes: readonly string[],
): Promise<void> {
  const numbers = new Map(classes.map((name, at) => [name, String(at)]));
  const into = artifactFolder(manifestFolder(run));
  for (const split of splits) {
    if (!items?.[split])
      throw new SluiceError(
        "INPUT_INVALID",
        `dataset: ${id} has no items in its ${split} split; the built-in algorithm needs some.`,
        { hint: "Prepare a dataset with a share for validation." },
      );
    const manifest = into(`${split}.manifest`, "application/jsonl");
    const object = { bucket: buckets.artifacts(), key: `${folder}${split}.jsonl` };
    for await (const { text } of readLines(await openPackage(object))) {
      const { file, label } = Line.parse(JSON.parse(text));
      const number = numbers.get(label ?? "");
      if (number === undefined || undecodable.test(file))
        throw new SluiceError(
          "INPUT_INVALID",
          number === undefined
            ? `dataset: ${file} is labeled ${label}, which is not a declared class.`
            : `dataset: the built-in algorithm reads JPEG and PNG; ${file} is neither.`,
          { hint: "Correct the labels and prepare a new dataset, or use --container probe." },
        );
      const source = `s3://${buckets.uploads()}/${file}`;
      await manifest.write(`${JSON.stringify({ [attributes[0]!]: source, [attributes[1]!]: number })}\n`);
    }
    await manifest.end();
  }
}
