// What a view shows of the API: loaded when it opens, again when its inputs change or it is told to, and kept while
// it loads anew, so that nothing blinks.
import type { Happening } from "@sluice/core/event/list.ts";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { liveState, onLive } from "./live.ts";
import { type ApiError, asApiError, passes } from "./problem.ts";

export interface Remote<T> {
  data: T | undefined;
  error: ApiError | undefined;
  loading: boolean;
  reload(): void;
}

export interface Options {
  /** Asks again this often while the page is looked at. */
  everyMs?: number | undefined;
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
  { everyMs, on }: Options = {},
): Remote<T> {
  const [state, setState] = useState<State<T>>({ key, loading: true });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;

  useEffect(() => {
    const over = new AbortController();
    setState((old) => (old.key === key ? { ...old, loading: true } : { key, loading: true }));
    latest.current(over.signal).then(
      (data) => over.signal.aborted || setState({ key, data, loading: false }),
      (error: unknown) =>
        over.signal.aborted || setState((old) => ({ ...old, key, error: asApiError(error), loading: false })),
    );
    return () => over.abort();
  }, [key, turn]);

  const reload = useCallback(() => setTurn((count) => count + 1), []);
  useEffect(() => {
    if (everyMs === undefined) return undefined;
    const timer = setInterval(() => document.hidden || reload(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, reload]);
  useEffect(() => {
    if (on === undefined) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const stop = onLive<Happening>("event", ({ type }) => {
      if (!type.startsWith(on)) return;
      clearTimeout(timer);
      timer = setTimeout(reload, TOGETHER_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [on, reload]);

  const failed = state.error && passes(state.error);
  useEffect(() => {
    if (!failed) return undefined;
    const timer = setInterval(() => document.hidden || reload(), RETRY_MS);
    return () => clearInterval(timer);
  }, [failed, reload]);
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
