// Follows live updates over a WebSocket, in a browser or in Node. It reconnects, reads what it missed from the API, and
// reports each change once.
import type { LiveEvent } from "@sluice/core/live/live.ts";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { runConnection, type Clock, type LiveError } from "./connection.ts";
import { MissedChanges, type MissedOptions } from "./missed.ts";
import { SeenChanges } from "./seen.ts";

export type LiveState = "connecting" | "live" | "waiting";

export interface LiveOptions extends MissedOptions {
  /** Of the WebSocket API. */
  url: string;
  token: string;
  signal: AbortSignal;
  clock?: Clock;
  /** Calls back when the network may be back. Returns a function that stops it. */
  onWake?(callback: () => void): () => void;
  onState?(state: LiveState): void;
  onPrediction(prediction: Prediction): void;
  onEvent?(event: LiveEvent): void;
  /** A listener has thrown; the next changes are still reported. Default: an uncaught error. */
  onListenerError?(error: unknown): void;
}

/** Each wait is random up to a limit that grows, so that clients do not return together. */
const RETRY_MS = { first: 500, most: 30_000 };
/** A shorter connection counts as a failure. */
const STABLE_MS = 10_000;
/** Another attempt would get these again. */
const FINAL_ERRORS = ["TOKEN_INVALID", "SCOPE_MISSING", "MODEL_UNKNOWN", "INPUT_INVALID"];

const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves when the signal aborts, or with the error for which the server refuses. */
export async function followLive(options: LiveOptions): Promise<LiveError | undefined> {
  const { signal, clock = systemClock, onState } = options;
  const seen = new SeenChanges(options);
  const missed = new MissedChanges(options, seen, clock);
  onState?.("connecting");
  for (let failures = 0; !signal.aborted;) {
    let liveAt: number | undefined;
    const error = await runConnection(options, clock, {
      after: (at) => missed.after(at),
      async onSubscribed(subscribed, connection) {
        await missed.add(subscribed, connection);
        if (liveAt === undefined) onState?.("live");
        liveAt ??= clock.now();
      },
      onChanges({ at, predictions, events }) {
        for (const one of predictions) seen.addPrediction(one, at);
        for (const one of events) seen.addEvent(one, at);
      },
      onMessage: (at) => missed.advance(at),
    });
    if (signal.aborted) break;
    if (error && FINAL_ERRORS.includes(error.code)) return error;
    // A connection that ends is replaced soon. Only failed attempts are shown.
    if (liveAt === undefined) onState?.("waiting");
    failures = liveAt !== undefined && clock.now() - liveAt > STABLE_MS ? 0 : failures + 1;
    await pause(clock.random() * Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** failures), options, clock);
  }
  return undefined;
}

/** Ends early when the network may be back. */
function pause(ms: number, { signal, onWake }: LiveOptions, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      stopWaking?.();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    const stopWaking = onWake?.(done);
    signal.addEventListener("abort", done);
  });
}
