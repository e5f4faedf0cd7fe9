// One stream of live events for the whole page. It reconnects and continues after the last event.
import { effect, signal } from "@preact/signals";
import { site } from "./config.ts";
import { readProblem } from "./client.ts";
import { authorization, signOut, token } from "./session.ts";
import { readEvents } from "./sse.ts";

export type LiveState = "connecting" | "live" | "waiting";
export const liveState = signal<LiveState>("connecting");

type Listener = (data: unknown) => void;
const listeners = new Map<string, Set<Listener>>();

/** Returns a function that removes the listener. `type` is the event name, such as "prediction". */
export function onLive<T>(type: string, listener: (data: T) => void): () => void {
  const set = listeners.get(type) ?? new Set();
  listeners.set(type, set.add(listener as Listener));
  return () => set.delete(listener as Listener);
}

const MIN_RETRY_MS = 500;
const MAX_RETRY_MS = 8_000;
/** The server sends a heartbeat every 15 s, so the connection is dead after a longer silence. */
const SILENCE_TIMEOUT_MS = 40_000;

/** Runs while there is a token. Another token starts a new stream. */
export function startLive(): void {
  let stop = () => {};
  effect(() => {
    stop();
    if (token.value) stop = runStream();
  });
}

function runStream(): () => void {
  const controller = new AbortController();
  void readStream(controller.signal);
  return () => controller.abort();
}

async function readStream(signal: AbortSignal) {
  let lastEventId = new Date().toISOString();
  let wait = MIN_RETRY_MS;
  while (!signal.aborted) {
    const attempt = new AbortController();
    const end = () => attempt.abort();
    signal.addEventListener("abort", end, { once: true });
    const silence = startTimer(SILENCE_TIMEOUT_MS, end);
    try {
      const headers = { ...authorization(), "last-event-id": lastEventId };
      const response = await fetch(`${site().live}/live`, { headers, signal: attempt.signal });
      if (response.status === 401) {
        const problem = await readProblem(response);
        // Another request may have signed out already.
        return signal.aborted ? undefined : signOut(problem);
      }
      if (!response.ok || !response.body) throw await readProblem(response);
      liveState.value = "live";
      wait = MIN_RETRY_MS;
      for await (const event of readEvents(response.body, silence.restart)) {
        if (event.id) lastEventId = event.id;
        for (const listener of listeners.get(event.type) ?? []) listener(JSON.parse(event.data));
      }
    } catch {
      // The next attempt follows, and the page shows that the connection is lost.
    } finally {
      silence.clear();
      signal.removeEventListener("abort", end);
    }
    if (signal.aborted) return;
    liveState.value = "waiting";
    await pause(wait, signal);
    wait = Math.min(MAX_RETRY_MS, wait * 2);
  }
}

function startTimer(ms: number, onTimeout: () => void) {
  let id = setTimeout(onTimeout, ms);
  return {
    restart() {
      clearTimeout(id);
      id = setTimeout(onTimeout, ms);
    },
    clear: () => clearTimeout(id),
  };
}

/** Ends early when the network is back or the page becomes visible. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(id);
      for (const [target, name] of wakeUps) target.removeEventListener(name, done);
      resolve();
    };
    const wakeUps = [
      [window, "online"],
      [document, "visibilitychange"],
      [signal, "abort"],
    ] as const;
    const id = setTimeout(done, ms);
    for (const [target, name] of wakeUps) target.addEventListener(name, done);
  });
}
