// What changes, as it changes: server-sent events, `prediction` for each prediction's new state and `event` for what happens
// to labels, datasets, runs, versions, endpoints and deployments. An event's id is the time of its change, so that a client that
// reconnects with Last-Event-ID misses nothing (and may see the last few again).
import { Hono } from "hono";
import * as Models from "@sluice/core/model/model.ts";
import { watchEvents } from "@sluice/core/event/watch.ts";
import { watch } from "@sluice/core/prediction/watch.ts";
import { SluiceError } from "@sluice/core/error/error.ts";
import type { Happening } from "@sluice/core/event/list.ts";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { streamSSE } from "hono/streaming";
import { allow } from "../auth.ts";
import type { Env } from "../env.ts";

/** Proxies close a connection that is silent for about a minute. */
const HEARTBEAT_MS = 15_000;
/** Before the function's own limit of 15 minutes: the client reconnects where it was. */
const LONGEST_MS = 14 * 60_000;
/** Who was away longer lists predictions instead: each day's changes are read through. */
const OLDEST_MS = 7 * 86_400_000;

export const liveRoutes = new Hono<Env>().get("/live", allow("read", "header or query"), (c) => {
  const model = c.req.query("model");
  if (model !== undefined) Models.model(model);
  const since = beginning(c.req.header("last-event-id") ?? c.req.query("since"), Date.now());
  c.header("cache-control", "no-store");
  return streamSSE(c, async (stream) => {
    const over = new AbortController();
    stream.onAbort(() => over.abort());
    c.req.raw.signal.addEventListener("abort", () => over.abort());
    const limit = setTimeout(() => over.abort(), LONGEST_MS);
    const heartbeat = setInterval(() => void stream.write(": still here\n\n"), HEARTBEAT_MS);
    try {
      await stream.write("retry: 1000\n\n");
      const wanted = { since, model, signal: over.signal };
      const tell = async (event: string, all: AsyncIterable<object>, at: (one: never) => string) => {
        for await (const one of all)
          await stream.writeSSE({ event, id: at(one as never), data: JSON.stringify(one) });
      };
      await Promise.all([
        tell("prediction", watch(wanted), (one: Prediction) => one.changedAt),
        tell("event", watchEvents(wanted), (one: Happening) => one.at),
      ]);
    } finally {
      over.abort();
      clearTimeout(limit);
      clearInterval(heartbeat);
    }
  });
});

function beginning(asked: string | undefined, now: number): string {
  if (asked === undefined) return new Date(now).toISOString();
  const at = /^\d{4}-\d\d-\d\dT/.test(asked) ? Date.parse(asked) : NaN;
  if (Number.isNaN(at)) throw new SluiceError("INPUT_INVALID", `since: "${asked}" is no ISO instant.`);
  return new Date(Math.max(at, now - OLDEST_MS)).toISOString();
}
