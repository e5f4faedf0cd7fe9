// What a view shows of the API: loaded when it opens, again when its inputs change or it is told to, and kept while
// it loads anew, so that nothing blinks.
import type { EventRecord } from "@sluice/core/event/list.ts";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { liveState, onLive } from "./live.ts";
import { type ApiError, asApiError, passes } from "./problem.ts";

export interface Remote<T> {
  data: T | undefined;
  error: ApiError | undefined;
  loading: boolean;
  reload(): void;
}

export interface Options<T = unknown> {
  /** Asks again this often while the page is looked at; it may depend on what is shown. */
  everyMs?: number | ((shown: T | undefined) => number | undefined) | undefined;
  /** Asks again when something of this kind is told to have happened: "training." */
  on?: string | undefined;
}

/** After a failure that may pass. */
const RETRY_MS = 5_000;
/** Of many happenings at once only the last is worth asking for. */
const TOGETHER_MS = 200;

interface State<T> {
  key: string;
  data?: T;
  error?: ApiError;
  loading: boolean;
}

/** `key` names what is loaded: another key drops what was shown for the last one. */
export function useRemote<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  { everyMs, on }: Options<T> = {},
): Remote<T> {
  const [state, setState] = useState<State<T>>({ key, loading: true });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const underway = useRef({ now: false, again: false });

  useEffect(() => {
    const over = new AbortController();
    const mine = { now: true, again: false };
    underway.current = mine;
    setState((old) => (old.key === key ? { ...old, loading: true } : { key, loading: true }));
    const end = (change: (old: State<T>) => State<T>) => {
      if (over.signal.aborted) return;
      mine.now = false;
      setState(change);
      if (mine.again) setTurn((count) => count + 1);
    };
    latest.current(over.signal).then(
      (data) => end(() => ({ key, data, loading: false })),
      (error: unknown) => end((old) => ({ ...old, key, error: asApiError(error), loading: false })),
    );
    return () => over.abort();
  }, [key, turn]);

  // What is underway comes to its end first: an answer slower than the questions would never be seen.
  const reload = useCallback(() => {
    if (underway.current.now) underway.current.again = true;
    else setTurn((count) => count + 1);
  }, []);
  const failed = state.error && passes(state.error);
  const usual = typeof everyMs === "function" ? everyMs(state.data) : everyMs;
  const every = failed ? Math.min(usual ?? RETRY_MS, RETRY_MS) : usual;
  useEffect(() => {
    if (every === undefined) return undefined;
    const timer = setInterval(() => document.hidden || underway.current.now || reload(), every);
    return () => clearInterval(timer);
  }, [every, reload]);
  useEffect(() => {
    if (on === undefined) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const stop = onLive<EventRecord>("event", ({ type }) => {
      if (!type.startsWith(on)) return;
      clearTimeout(timer);
      timer = setTimeout(reload, TOGETHER_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [on, reload]);
  // Whatever happened while nothing was told.
  useEffect(() => {
    let was = liveState.peek();
    return liveState.subscribe((now) => {
      if (was === "waiting" && now === "live") reload();
      was = now;
    });
  }, [reload]);

  const mine = state.key === key ? state : { key, loading: true };
  return { data: mine.data, error: mine.error, loading: mine.loading, reload };
}
