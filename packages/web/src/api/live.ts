// One stream of what changes for the whole page. It reconnects by itself and goes on where it broke off.
import { effect, signal } from "@preact/signals";
import { site } from "./config.ts";
import { problemOf } from "./problem.ts";
import { authorization, leave, token } from "./session.ts";
import { readEvents } from "./sse.ts";

export type LiveState = "connecting" | "live" | "waiting";
export const liveState = signal<LiveState>("connecting");

type Listener = (data: unknown) => void;
const listeners = new Map<string, Set<Listener>>();

/** Until the answer is called. `type` is the event's name: "prediction". */
export function onLive<T>(type: string, listener: (data: T) => void): () => void {
  const set = listeners.get(type) ?? new Set();
  listeners.set(type, set.add(listener as Listener));
  return () => set.delete(listener as Listener);
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
/** The server speaks at least every 15 s: longer silence is a dead line that nobody has told us of. */
const SILENCE_MS = 40_000;

/** Runs while there is a token; another token starts anew. */
export function startLive(): void {
  let stop = () => {};
  effect(() => {
    stop();
    if (token.value) stop = follow();
  });
}

function follow(): () => void {
  const over = new AbortController();
  void run(over.signal);
  return () => over.abort();
}

async function run(over: AbortSignal) {
  let last = new Date().toISOString();
  let wait = FIRST_WAIT_MS;
  while (!over.aborted) {
    const attempt = new AbortController();
    const end = () => attempt.abort();
    over.addEventListener("abort", end, { once: true });
    const silence = timer(SILENCE_MS, end);
    try {
      const headers = { ...authorization(), "last-event-id": last };
      const response = await fetch(`${site().live}/live`, { headers, signal: attempt.signal });
      if (response.status === 401) {
        const problem = await problemOf(response);
        // Another answer may have said so meanwhile, and another token be there already.
        return over.aborted ? undefined : leave(problem);
      }
      if (!response.ok || !response.body) throw await problemOf(response);
      liveState.value = "live";
      wait = FIRST_WAIT_MS;
      for await (const event of readEvents(response.body, silence.restart)) {
        if (event.id) last = event.id;
        for (const listener of listeners.get(event.type) ?? []) listener(JSON.parse(event.data));
      }
    } catch {
      // Whatever it was, the next attempt tells; what matters is on the page already.
    } finally {
      silence.clear();
      over.removeEventListener("abort", end);
    }
    if (over.aborted) return;
    liveState.value = "waiting";
    await pause(wait, over);
    wait = Math.min(LONGEST_WAIT_MS, wait * 2);
  }
}

function timer(ms: number, ring: () => void) {
  let id = setTimeout(ring, ms);
  return {
    restart() {
      clearTimeout(id);
      id = setTimeout(ring, ms);
    },
    clear: () => clearTimeout(id),
  };
}

/** Cut short when the network comes back or the page is looked at again. */
function pause(ms: number, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(id);
      for (const [target, name] of hurried) target.removeEventListener(name, done);
      resolve();
    };
    const hurried = [
      [window, "online"],
      [document, "visibilitychange"],
      [over, "abort"],
    ] as const;
    const id = setTimeout(done, ms);
    for (const [target, name] of hurried) target.addEventListener(name, done);
  });
}
