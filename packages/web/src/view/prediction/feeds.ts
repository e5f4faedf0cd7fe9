// The recent lists of this tab, one for each set of filters. Live events update all of them.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { api, readBody } from "../../api/client.ts";
import { onLive } from "../../api/live.ts";
import { token } from "../../api/session.ts";
import { Feed, type ReadPage } from "./feed.ts";
import type { Filters } from "./filters.ts";

const MAX_FEEDS = 6;
const PAGE_SIZE = "200";

const feeds = new Map<string, Feed>();
token.subscribe(() => feeds.clear());
onLive<Prediction>("prediction", (prediction) => {
  for (const feed of feeds.values()) feed.update(prediction);
});

export function getFeed(filters: Filters, models: string[]): Feed {
  const names = filters.model === undefined ? models : [filters.model];
  const key = JSON.stringify([filters, names]);
  const feed = feeds.get(key) ?? new Feed(filters, names, readPage);
  // Most recently used last.
  feeds.delete(key);
  feeds.set(key, feed);
  for (const old of [...feeds.keys()].slice(0, -MAX_FEEDS)) feeds.delete(old);
  return feed;
}

const readPage: ReadPage = ({ minConfidence, maxConfidence, ...request }) =>
  readBody(
    api().predictions.$get({
      query: {
        ...request,
        ...(minConfidence !== undefined && { minConfidence: String(minConfidence) }),
        ...(maxConfidence !== undefined && { maxConfidence: String(maxConfidence) }),
        limit: PAGE_SIZE,
      },
    }),
  );
