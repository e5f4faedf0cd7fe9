// The dataset's lines as augmented manifests, by which SageMaker streams each picture with its class to the algorithm: no
// picture is copied. Written for the run, as only the built-in algorithm reads them.
import { buckets } from "../../aws/link.ts";
import type { Dataset } from "../../dataset/dataset.ts";
import { lines } from "@sluice/labels/format/lines.ts";
import { Line } from "../../dataset/line.ts";
import { intoFolder } from "../../dataset/prepare/sink.ts";
import { SluiceError } from "../../error/error.ts";
import { open } from "../../version/package.ts";

/** In this order the algorithm expects them. */
export const attributes = ["source-ref", "class"];
export const splits = ["train", "validation"] as const;

export const manifestFolder = (run: string) => `training/${run}/input/`;
/** It decodes JPEG and PNG. What a name does not tell is left to it. */
const undecodable = /\.(gif|webp|bmp|tiff?|avif|heic|heif)$/i;

export async function writeManifests(
  run: string,
  { id, folder, items }: Dataset,
  classes: readonly string[],
): Promise<void> {
  const numbers = new Map(classes.map((name, at) => [name, String(at)]));
  const into = intoFolder(manifestFolder(run));
  for (const split of splits) {
    if (!items?.[split])
      throw new SluiceError(
        "INPUT_INVALID",
        `dataset: ${id} has nothing in its ${split} split, and the built-in algorithm needs one.`,
        { hint: "Prepare one with a share for validation." },
      );
    const manifest = into(`${split}.manifest`, "application/jsonl");
    const place = { bucket: buckets.artifacts(), key: `${folder}${split}.jsonl` };
    for await (const { text } of lines(await open(place))) {
      const { file, label } = Line.parse(JSON.parse(text));
      const number = numbers.get(label ?? "");
      if (number === undefined || undecodable.test(file))
        throw new SluiceError(
          "INPUT_INVALID",
          number === undefined
            ? `dataset: ${file} is labelled ${label}, which is none of the declared classes.`
            : `dataset: the built-in algorithm reads JPEG and PNG; ${file} is neither.`,
          { hint: "Correct the labels and prepare a dataset anew, or use --container probe." },
        );
      const source = `s3://${buckets.uploads()}/${file}`;
      await manifest.write(`${JSON.stringify({ [attributes[0]!]: source, [attributes[1]!]: number })}\n`);
    }
    await manifest.end();
  }
}
