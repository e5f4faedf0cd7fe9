// The label of a prediction's object: the true result becomes training data.
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { s3 } from "../aws/s3.ts";
import { invalidInput, SluiceError } from "../error/error.ts";
import { fetchObject, storageError } from "../object/fetch.ts";
import type { Prediction, Source } from "../prediction/prediction.ts";
import { LabelInput, maxTextBytes } from "./label.ts";
import { textKey } from "./shard.ts";

/** The label to store. It contains the text of a text object; an image stays in its bucket. */
export async function labelOf(
  { id, task, source, image }: Prediction,
  decision: Omit<LabelInput, "key">,
): Promise<LabelInput> {
  const label = { ...decision, extra: { prediction: id } };
  if (task === "text-classification") {
    const text = await textOf(source);
    return parseLabel({ ...label, key: textKey(text), text });
  }
  await checkUnchanged(source);
  return parseLabel({ ...label, key: source.key, image });
}

/** Reads the object of a text. */
export const labelKeyOf = async ({ task, source }: Prediction): Promise<string> =>
  task === "text-classification" ? textKey(await textOf(source)) : source.key;

function parseLabel(label: LabelInput): LabelInput {
  const parsed = LabelInput.safeParse(label);
  if (!parsed.success) throw invalidInput(parsed.error);
  return parsed.data;
}

const dismissHint = "The object is gone, so it cannot be labeled: dismiss the review.";

async function textOf(source: Source): Promise<string> {
  if ((source.size ?? 0) > maxTextBytes)
    throw new SluiceError(
      "OBJECT_TOO_LARGE",
      `${source.key} has ${source.size} bytes; a label holds texts of at most ${maxTextBytes}.`,
      {
        hint: "Label a shorter part of it with `npx sluice labels set MODEL - CLASS --text TEXT`, and dismiss this review.",
      },
    );
  const { bytes } = await fetchObject(source, maxTextBytes).catch(addHint);
  return new TextDecoder().decode(bytes);
}

/** A label names its object by key only, so the object must be the one that was predicted. */
async function checkUnchanged({ bucket, key, etag }: Source) {
  await s3()
    .send(new HeadObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag && `"${etag}"` }))
    .catch((error: unknown) => addHint(storageError(error, "s3:GetObject", bucket, key)));
}

function addHint(thrown: unknown): never {
  if (!(thrown instanceof SluiceError)) throw thrown;
  const { code, details, cause } = thrown;
  if (code === "OBJECT_GONE")
    throw new SluiceError(code, `${details["key"]} was deleted since the prediction.`, {
      hint: dismissHint,
      cause,
      details,
    });
  if (code === "OBJECT_CHANGED")
    throw new SluiceError(code, `${details["key"]} was overwritten since the prediction.`, {
      hint: "The new version has its own prediction: review that one, and dismiss this review.",
      cause,
      details,
    });
  throw thrown;
}
