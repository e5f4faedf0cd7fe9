// Server-sent events: `prediction` for each change of a prediction, `event` for each domain event. The id of an event is its
// time, so a client that reconnects with Last-Event-ID misses nothing. It may receive the last events twice.
import { Hono } from "hono";
import { getModel } from "@sluice/core/model/model.ts";
import { watchEvents } from "@sluice/core/event/watch.ts";
import { watchPredictions } from "@sluice/core/prediction/watch.ts";
import { SluiceError } from "@sluice/core/error/error.ts";
import type { EventRecord } from "@sluice/core/event/list.ts";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { streamSSE } from "hono/streaming";
import { allow } from "../http/auth.ts";
import type { Env } from "../http/router.ts";

/** Proxies close a connection that is idle for about a minute. */
const HEARTBEAT_MS = 15_000;
/** Less than the 15 minute limit of Lambda. The client then reconnects. */
const MAX_DURATION_MS = 14 * 60_000;
/** Every day needs a query. After a longer time, a client lists predictions instead. */
const MAX_AGE_MS = 7 * 86_400_000;

export const liveRoutes = new Hono<Env>().get("/live", allow("read", "header or query"), (c) => {
  const model = c.req.query("model");
  if (model !== undefined) getModel(model);
  const since = parseSince(c.req.header("last-event-id") ?? c.req.query("since"), Date.now());
  c.header("cache-control", "no-store");
  return streamSSE(c, async (stream) => {
    const stop = new AbortController();
    stream.onAbort(() => stop.abort());
    c.req.raw.signal.addEventListener("abort", () => stop.abort());
    const limit = setTimeout(() => stop.abort(), MAX_DURATION_MS);
    const heartbeat = setInterval(() => void stream.write(": heartbeat\n\n"), HEARTBEAT_MS);
    try {
      await stream.write("retry: 1000\n\n");
      const query = { since, model, signal: stop.signal };
      const send = async (event: string, all: AsyncIterable<object>, at: (one: never) => string) => {
        for await (const one of all)
          await stream.writeSSE({ event, id: at(one as never), data: JSON.stringify(one) });
      };
      await Promise.all([
        send("prediction", watchPredictions(query), (one: Prediction) => one.changedAt),
        send("event", watchEvents(query), (one: EventRecord) => one.at),
      ]);
    } finally {
      stop.abort();
      clearTimeout(limit);
      clearInterval(heartbeat);
    }
  });
});

function parseSince(text: string | undefined, now: number): string {
  if (text === undefined) return new Date(now).toISOString();
  const at = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) throw new SluiceError("INPUT_INVALID", `since: "${text}" is not an ISO timestamp.`);
  return new Date(Math.max(at, now - MAX_AGE_MS)).toISOString();
}
