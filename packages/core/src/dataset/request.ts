// Requests a dataset: resolves and stores the options, and sends the message that starts the work.
import { byName } from "@sluice/models/index.ts";
import * as z from "zod";
import { SluiceError } from "../error/error.ts";
import { commit } from "../event/record.ts";
import { getModel } from "../model/model.ts";
import { fn } from "../util/fn.ts";
import { orderedId } from "../util/ordered-id.ts";
import { type Dataset, DatasetOptions } from "./dataset.ts";
import { noDigest } from "./dataset.entity.ts";
import { sendPrepareMessage } from "./prepare/message.ts";
import { getDataset } from "./read.ts";

export const PrepareRequest = z.strictObject({
  model: z.string(),
  /** Default: 1. */
  seed: DatasetOptions.shape.seed.optional(),
  split: DatasetOptions.shape.split.optional(),
  caps: DatasetOptions.shape.caps.optional(),
  weights: DatasetOptions.shape.weights.optional(),
  productionSince: DatasetOptions.shape.productionSince,
});

export const requestDataset = fn(
  PrepareRequest.extend({ requestedBy: z.string(), now: z.number() }),
  async ({ model, requestedBy, now, ...request }): Promise<Dataset> => {
    const { classes } = getModel(model);
    const declared = byName(model)!.dataset;
    const options: DatasetOptions = {
      seed: request.seed ?? 1,
      split: request.split ?? declared.split,
      caps: request.caps ?? declared.caps,
      weights: request.weights ?? declared.weights,
      ...(request.productionSince && { productionSince: request.productionSince }),
    };
    const unknown = Object.keys(options.caps).find((name) => !classes.includes(name));
    if (unknown !== undefined)
      throw new SluiceError("INPUT_INVALID", `caps: "${unknown}" is not one of ${classes.join(", ")}.`);
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
            digest: noDigest,
            requestedBy,
            createdAt: at,
            changedAt: at,
          })
          .commit(),
      ],
    );
    await sendPrepareMessage({ type: "start", dataset: id });
    return getDataset(id);
  },
);
