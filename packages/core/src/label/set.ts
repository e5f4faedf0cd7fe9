// One label, set or taken away by hand.
import * as z from "zod";
import { SluiceError } from "../error/error.ts";
import { model as modelNamed } from "../model/model.ts";
import { fn } from "../util/fn.ts";
import { orderedId } from "../util/ordered-id.ts";
import { Label, Said } from "./label.ts";
import { misfit } from "./misfit.ts";
import { get } from "./read.ts";
import { shardOf, textKey } from "./shard.ts";
import { apply } from "./write.ts";

/** What somebody may send; who sends it comes from the token. */
export const LabelWish = Said.omit({
  key: true,
  labelledAt: true,
  annotator: true,
  split: true,
  source: true,
}).extend({
  key: Said.shape.key.optional(),
});

export const set = fn(
  z.object({ model: z.string(), annotator: z.string(), now: z.number(), wish: LabelWish }),
  async ({ model, annotator, now, wish }): Promise<Label> => {
    const declared = modelNamed(model);
    const key = wish.key ?? (wish.text === undefined ? undefined : textKey(wish.text));
    if (key === undefined) throw new SluiceError("INPUT_INVALID", "key: name the file, or send a text.");
    const wrong = misfit(declared, wish);
    if (wrong) throw new SluiceError("INPUT_INVALID", `${wish.boxes ? "boxes" : "label"}: ${wrong.message}.`);
    const said: Said = { ...wish, key, annotator, labelledAt: new Date(now).toISOString() };
    await one({ model, annotator, now }, { key, said });
    return get(model, key);
  },
);

export const remove = fn(
  z.object({ model: z.string(), key: z.string(), annotator: z.string(), now: z.number() }),
  async ({ model, key, annotator, now }): Promise<void> => {
    // Says so when there is none.
    await get(model, key);
    await one({ model, annotator, now }, { key, said: undefined });
  },
);

function one({ model, annotator, now }: { model: string; annotator: string; now: number }, wish: Wish) {
  const id = orderedId("imp", now);
  const changedAt = new Date(now).toISOString();
  return apply({ model, source: annotator, now }, shardOf(wish.key), [wish], {
    events: ({ added, changed, removed }) => [
      {
        type: "labels.changed",
        detail: { id, model, added, changed, removed, source: annotator, keys: [wish.key], changedAt },
      },
    ],
  });
}

type Wish = Parameters<typeof apply>[2][number];
