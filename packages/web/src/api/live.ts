// Live updates for the whole page, while there is a token.
import { effect, signal } from "@preact/signals";
import { followLive, type LiveState } from "@sluice/api/client/live.ts";
import { site } from "./config.ts";
import { fetchApi, readProblem } from "./client.ts";
import { ApiError } from "./problem.ts";
import { authorization, signOut, token } from "./session.ts";

export type { LiveState };
export const liveState = signal<LiveState>("connecting");

type Listener = (data: unknown) => void;
const listeners = new Map<string, Set<Listener>>();

/** Returns a function that removes the listener. */
export function onLive<T>(type: "prediction" | "event", listener: (data: T) => void): () => void {
  const set = listeners.get(type) ?? new Set();
  listeners.set(type, set.add(listener as Listener));
  return () => set.delete(listener as Listener);
}

function notify(type: string, data: unknown): void {
  for (const listener of listeners.get(type) ?? [])
    try {
      listener(data);
    } catch (error) {
      reportError(error);
    }
}

/** 10,000 missed predictions. Reloading the page costs less than reading more. */
const MAX_PAGES = 20;

/** Another token starts again. */
export function startLive(): void {
  let stop = () => {};
  effect(() => {
    stop();
    if (token.value) stop = run(token.value);
  });
}

function run(own: string): () => void {
  const controller = new AbortController();
  const { signal: stopped } = controller;
  void followLive({
    url: site().live,
    token: own,
    signal: stopped,
    maxPages: MAX_PAGES,
    async readPage(path, query, ended) {
      const url = `${site().api}${path}?${new URLSearchParams(query)}`;
      const response = await fetchApi(url, { headers: authorization(), signal: ended });
      if (!response.ok) throw await readProblem(response);
      return response.json();
    },
    onWake,
    onState: (state) => (liveState.value = state),
    onPrediction: (prediction) => notify("prediction", prediction),
    onEvent: (event) => notify("event", event),
    onReset: () => location.reload(),
  }).then((error) => {
    // Another request may have signed out already.
    if (error && !stopped.aborted)
      signOut(new ApiError(error.code, error.message, { hint: error.hint, status: 401 }));
  });
  return () => controller.abort();
}

/** When the network is back or the page becomes visible. */
function onWake(callback: () => void): () => void {
  const visible = () => document.hidden || callback();
  addEventListener("online", callback);
  document.addEventListener("visibilitychange", visible);
  return () => {
    removeEventListener("online", callback);
    document.removeEventListener("visibilitychange", visible);
  };
}
