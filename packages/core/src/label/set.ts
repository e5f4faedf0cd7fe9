// Sets or removes one label by hand.
import * as z from "zod";
import { SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import { fn } from "../util/fn.ts";
import { orderedId } from "../util/ordered-id.ts";
import { type Label, LabelInput } from "./label.ts";
import type { LabelChange } from "./plan.ts";
import { getLabel } from "./read.ts";
import { shardOf, textKey } from "./shard.ts";
import { validateLabel } from "./validate-label.ts";
import { writeLabels } from "./write.ts";

/** The annotator is the owner of the token. */
export const LabelRequest = LabelInput.omit({
  key: true,
  labelledAt: true,
  annotator: true,
  split: true,
  source: true,
}).extend({
  key: LabelInput.shape.key.optional(),
});

export const setLabel = fn(
  z.object({ model: z.string(), annotator: z.string(), now: z.number(), request: LabelRequest }),
  async ({ model, annotator, now, request }): Promise<Label> => {
    const declared = getModel(model);
    const key = request.key ?? (request.text === undefined ? undefined : textKey(request.text));
    if (key === undefined) throw new SluiceError("INPUT_INVALID", "key: name the file, or send a text.");
    const invalid = validateLabel(declared, request);
    if (invalid)
      throw new SluiceError("INPUT_INVALID", `${request.boxes ? "boxes" : "label"}: ${invalid.message}.`);
    const label: LabelInput = { ...request, key, annotator, labelledAt: new Date(now).toISOString() };
    await write({ model, annotator, now }, { type: "set", key, label });
    return getLabel(model, key);
  },
);

export const removeLabel = fn(
  z.object({ model: z.string(), key: z.string(), annotator: z.string(), now: z.number() }),
  async ({ model, key, annotator, now }): Promise<void> => {
    // Throws LABEL_UNKNOWN for a missing label.
    await getLabel(model, key);
    await write({ model, annotator, now }, { type: "remove", key });
  },
);

function write(
  { model, annotator: source, now }: { model: string; annotator: string; now: number },
  change: LabelChange,
) {
  const about = { id: orderedId("imp", now), model, source, keys: [change.key] };
  const changedAt = new Date(now).toISOString();
  return writeLabels({ model, source, now }, shardOf(change.key), [change], {
    events: ({ added, changed, removed }) => [
      { type: "labels.changed", detail: { ...about, added, changed, removed, changedAt } },
    ],
  });
}
