// The lists of this tab, one for each narrowing that was looked at; the last few are kept up to date.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { api, body } from "../../api/client.ts";
import { onLive } from "../../api/live.ts";
import { token } from "../../api/session.ts";
import { Feed, type ReadPage } from "./feed.ts";
import type { Filters } from "./filters.ts";

const KEPT = 6;
const PAGE = "200";

const feeds = new Map<string, Feed>();
token.subscribe(() => feeds.clear());
onLive<Prediction>("prediction", (prediction) => {
  for (const feed of feeds.values()) feed.apply(prediction);
});

export function feedOf(filters: Filters, models: string[]): Feed {
  const wanted = filters.model === undefined ? models : [filters.model];
  const key = JSON.stringify([filters, wanted]);
  const feed = feeds.get(key) ?? new Feed(filters, wanted, read);
  // The last looked at is the last to be forgotten.
  feeds.delete(key);
  feeds.set(key, feed);
  for (const old of [...feeds.keys()].slice(0, -KEPT)) feeds.delete(old);
  return feed;
}

const read: ReadPage = ({ minConfidence, maxConfidence, ...wish }) =>
  body(
    api().predictions.$get({
      query: {
        ...wish,
        ...(minConfidence !== undefined && { minConfidence: String(minConfidence) }),
        ...(maxConfidence !== undefined && { maxConfidence: String(maxConfidence) }),
        limit: PAGE,
      },
    }),
  );
