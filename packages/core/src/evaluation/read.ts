import { GetObjectCommand } from "@aws-sdk/client-s3";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { invalidInput, SluiceError } from "../error/error.ts";
import { storageError } from "../object/fetch.ts";
import type { ModelVersion } from "../version/version.ts";
import { Evaluation } from "./evaluation.ts";

/** The document of a version's evaluation. */
export async function evaluationOf({ model, version, evaluationKey }: ModelVersion): Promise<Evaluation> {
  if (!evaluationKey)
    throw new SluiceError("EVALUATION_MISSING", `Version ${version} of ${model} has not been evaluated.`);
  return readEvaluation(evaluationKey);
}

export async function readEvaluation(key: string): Promise<Evaluation> {
  const bucket = buckets.artifacts();
  const text = await s3()
    .send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    .then((output) => output.Body!.transformToString())
    .catch((error: unknown) => {
      throw storageError(error, "s3:GetObject", bucket, key);
    });
  const parsed = Evaluation.safeParse(parse(text, key));
  if (parsed.success) return parsed.data;
  throw new SluiceError("EVALUATION_FAILED", `${key}: ${invalidInput(parsed.error).message}`);
}

function parse(text: string, key: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SluiceError("EVALUATION_FAILED", `${key} is not JSON.`, { cause });
  }
}
