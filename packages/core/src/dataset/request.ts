// Asking for a dataset: the options are settled and recorded, a message starts the work.
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { byName } from "@sluice/models/index.ts";
import * as z from "zod";
import { linked } from "../aws/link.ts";
import { sqs } from "../aws/sqs.ts";
import { SluiceError } from "../error/error.ts";
import { commit } from "../event/record.ts";
import { model as modelNamed } from "../model/model.ts";
import { fn } from "../util/fn.ts";
import { orderedId } from "../util/ordered-id.ts";
import { type Dataset, DatasetOptions } from "./dataset.ts";
import { undigested } from "./dataset.entity.ts";
import { fromId } from "./read.ts";

export const PrepareWish = z.strictObject({
  model: z.string(),
  /** 1 without it. 0 is a seed. */
  seed: DatasetOptions.shape.seed.optional(),
  split: DatasetOptions.shape.split.optional(),
  caps: DatasetOptions.shape.caps.optional(),
  weights: DatasetOptions.shape.weights.optional(),
});

export const prepare = fn(
  PrepareWish.extend({ requestedBy: z.string(), now: z.number() }),
  async ({ model, requestedBy, now, ...wish }): Promise<Dataset> => {
    const { classes } = modelNamed(model);
    const declared = byName(model)!.dataset;
    const options: DatasetOptions = {
      seed: wish.seed ?? 1,
      split: wish.split ?? declared.split,
      caps: wish.caps ?? declared.caps,
      weights: wish.weights ?? declared.weights,
    };
    const stray = Object.keys(options.caps).find((name) => !classes.includes(name));
    if (stray !== undefined)
      throw new SluiceError("INPUT_INVALID", `caps.${stray}: is none of ${classes.join(", ")}.`);
    const id = orderedId("ds", now);
    const at = new Date(now).toISOString();
    await commit(
      [{ type: "dataset.changed", detail: { id, model, status: "preparing", changedAt: at } }],
      now,
      ({ dataset }) => [
        dataset
          .put({
            id,
            model,
            status: "preparing",
            step: "waiting",
            round: 0,
            options,
            digest: undigested,
            requestedBy,
            createdAt: at,
            changedAt: at,
          })
          .commit(),
      ],
    );
    await wake(id);
    return fromId(id);
  },
);

/** Sends the message that has a dataset looked at, at once or after a while. */
export async function wake(
  dataset: string,
  delaySeconds = 0,
  about: Record<string, unknown> = {},
): Promise<void> {
  await sqs().send(
    new SendMessageCommand({
      QueueUrl: linked("DatasetPrepareQueue", "url"),
      MessageBody: JSON.stringify({ dataset, ...about }),
      DelaySeconds: delaySeconds,
    }),
  );
}
