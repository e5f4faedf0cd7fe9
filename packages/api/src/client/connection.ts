// One WebSocket from its handshake to its end. The gateway's limits, ten minutes without a message and two hours in
// all, are never reached.
import type { Changes, ClientMessage, ServerMessage, Subscribe, Subscribed } from "@sluice/core/live/live.ts";
import type { z } from "zod";

/** Time, randomness and timers, passed in so that a test controls them. */
export interface Clock {
  now(): number;
  /** 0 to 1. */
  random(): number;
  /** Returns a function that cancels the call. */
  after(ms: number, callback: () => void): () => void;
}

export type LiveError = Extract<ServerMessage, { type: "error" }>;

interface Target {
  url: string;
  token: string;
  model?: string;
  signal: AbortSignal;
  onWake?(callback: () => void): () => void;
}

interface Handlers {
  /** Where the missed changes start: for a new connection, and for one that subscribed at `at`. */
  after(at?: string): Subscribe["after"];
  /** The signal aborts with the connection. A rejection ends it. */
  onSubscribed(subscribed: Subscribed, signal: AbortSignal): Promise<void>;
  onChanges(changes: Changes): void;
  onMessage(at: string): void;
}

/** Routers and proxies drop connections that are silent for five minutes. */
const PING_MS = 4 * 60_000;
/** A connection without a response is dead. The first response may wait for a cold start. */
const RESPONSE_MS = 15_000;
/** An index may lag behind its table: changes just before the subscription are read once more. */
export const INDEX_LAG_MS = 5_000;
/** Before the gateway's two hours. Random, so that clients do not all reconnect at once. */
const MAX_AGE_MS = { least: 100 * 60_000, most: 115 * 60_000 };

/** Resolves when the connection ended, with the error that the server sent, if any. */
export function runConnection(
  { url, token, model, signal, onWake }: Target,
  clock: Clock,
  { after, onSubscribed, onChanges, onMessage }: Handlers,
): Promise<LiveError | undefined> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    const ended = new AbortController();
    let cancelPing = () => {};
    let cancelDeadline = () => {};
    let cancelAgain: (() => void) | undefined;
    const age = MAX_AGE_MS.least + clock.random() * (MAX_AGE_MS.most - MAX_AGE_MS.least);
    const cancelAge = clock.after(age, () => end());

    const end = (error?: LiveError) => {
      if (ended.signal.aborted) return;
      ended.abort();
      for (const cancel of [cancelPing, cancelDeadline, cancelAge, cancelAgain, stopWaking]) cancel?.();
      signal.removeEventListener("abort", abort);
      socket.close();
      resolve(error);
    };
    const abort = () => end();
    const expectResponse = () => {
      cancelDeadline();
      cancelDeadline = clock.after(RESPONSE_MS, () => end());
    };
    const send = (message: z.input<typeof ClientMessage>) => {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send(JSON.stringify(message));
      expectResponse();
    };
    const receive = async (message: Subscribed) => {
      try {
        await onSubscribed(message, ended.signal);
        if (!ended.signal.aborted) cancelAgain ??= clock.after(INDEX_LAG_MS, () => subscribe(message.at));
      } catch {
        end();
      }
    };
    const ping = () => send({ action: "ping" });
    const subscribe = (at?: string) => send({ action: "subscribe", token, model, after: after(at) });
    const stopWaking = onWake?.(ping);
    signal.addEventListener("abort", abort);
    expectResponse();

    socket.addEventListener("open", () => subscribe());
    // An error is always followed by the end.
    socket.addEventListener("close", abort);
    socket.addEventListener("message", ({ data }) => {
      if (ended.signal.aborted) return;
      cancelDeadline();
      cancelPing();
      cancelPing = clock.after(PING_MS, ping);
      const message = JSON.parse(String(data)) as ServerMessage | { type?: undefined };
      // The gateway's own errors have no type.
      if (message.type === undefined) return end();
      if (message.type === "error") return end(message);
      if (message.type === "subscribed") void receive(message);
      if (message.type === "changes") onChanges(message);
      onMessage(message.at);
    });
  });
}
