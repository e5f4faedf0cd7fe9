// What a training starts from, as a channel of its job: the weights of a version, or files in S3.
import { SluiceError } from "../../error/error.ts";
import { getVersion } from "../../version/read.ts";
import { getRunItem } from "../read.ts";
import type { StartPoint } from "../training.ts";
import { isS3Uri, isVersion, NO_WEIGHTS } from "./weights.ts";

/** Takes the version or URI out of the hyperparameters: the trainer reads the channel's files. */
export function takeStart(
  options: Record<string, unknown>,
): Record<string, unknown> & { startPoint?: string } {
  const { weights, ...rest } = options;
  const base = s3Folder(rest["baseModel"]);
  if (typeof weights !== "string" || weights === NO_WEIGHTS)
    return { ...rest, ...(base && { startPoint: base }) };
  if (!isS3Uri(weights) && !isVersion(weights)) return options;
  if (!base) return { ...rest, startPoint: weights };
  throw new SluiceError(
    "INPUT_INVALID",
    "weights: a base model in S3 is given too, and a training starts from one.",
    {
      hint: "Leave out weights or baseModel.",
    },
  );
}

/** Without the slash, a prefix would include other folders whose names begin alike. */
const s3Folder = (text: unknown) =>
  typeof text === "string" && isS3Uri(text) ? text.replace(/\/?$/, "/") : undefined;

/** Finds the package of a version. */
export async function resolveStart(model: string, from: string): Promise<StartPoint> {
  if (!isVersion(from)) return { uri: from };
  const { version, packageUri, run, manifest } = await getVersion(model, from);
  const trained = run === undefined ? undefined : await getRunItem(run);
  const container = trained?.container;
  if (manifest.algorithm || (container !== undefined && container !== "torch"))
    throw new SluiceError(
      "INPUT_INVALID",
      `weights: version ${version} was trained by ${container ?? "SageMaker's own algorithm"}; the container torch ` +
        "cannot continue from it.",
      { hint: "Use a version that the container torch trained, or leave weights out." },
    );
  // The trainer's default is to leave them out. A package from elsewhere may have them.
  if (trained && trained.hyperparameters?.["keepWeights"] !== "true")
    throw new SluiceError(
      "INPUT_INVALID",
      `weights: version ${version} was trained without --keep-weights, so its package has no weights to start from.`,
      { hint: "Train it again with --keep-weights yes, or leave weights out." },
    );
  return { uri: packageUri, version };
}
