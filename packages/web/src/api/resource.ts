// Data of the API for a view. It is reloaded when its key changes, on a timer or on an event. Old data stays visible
// during a reload.
import type { LiveEvent } from "@sluice/core/live/live.ts";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { liveState, onLive } from "./live.ts";
import { type ApiError, toApiError, isTemporary } from "./problem.ts";

export interface Resource<T> {
  data: T | undefined;
  error: ApiError | undefined;
  loading: boolean;
  reload(): void;
}

export interface Options<T = unknown> {
  /** Reload interval while the page is visible. It may depend on the data. */
  everyMs?: number | ((data: T | undefined) => number | undefined) | undefined;
  /** Reload on live events whose type starts with this, such as "training.". */
  on?: string | undefined;
}

/** After a temporary error. */
const RETRY_MS = 5_000;
/** Many events cause one reload. */
const DEBOUNCE_MS = 200;

interface State<T> {
  key: string;
  data?: T;
  error?: ApiError;
  loading: boolean;
}

/** `key` identifies the data. Another key discards the old data. */
export function useResource<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  { everyMs, on }: Options<T> = {},
): Resource<T> {
  const [state, setState] = useState<State<T>>({ key, loading: true });
  const [reloads, setReloads] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const request = useRef({ active: false, repeat: false });

  useEffect(() => {
    const controller = new AbortController();
    const own = { active: true, repeat: false };
    request.current = own;
    setState((old) => (old.key === key ? { ...old, loading: true } : { key, loading: true }));
    const finish = (change: (old: State<T>) => State<T>) => {
      if (controller.signal.aborted) return;
      own.active = false;
      setState(change);
      if (own.repeat) setReloads((count) => count + 1);
    };
    latest.current(controller.signal).then(
      (data) => finish(() => ({ key, data, loading: false })),
      (error: unknown) => finish((old) => ({ ...old, key, error: toApiError(error), loading: false })),
    );
    return () => controller.abort();
  }, [key, reloads]);

  // Let an active request complete, so that slow responses are shown even with frequent reloads.
  const reload = useCallback(() => {
    if (request.current.active) request.current.repeat = true;
    else setReloads((count) => count + 1);
  }, []);
  const failed = state.error && isTemporary(state.error);
  const interval = typeof everyMs === "function" ? everyMs(state.data) : everyMs;
  const every = failed ? Math.min(interval ?? RETRY_MS, RETRY_MS) : interval;
  useEffect(() => {
    if (every === undefined) return undefined;
    const timer = setInterval(() => document.hidden || request.current.active || reload(), every);
    return () => clearInterval(timer);
  }, [every, reload]);
  useEffect(() => {
    if (on === undefined) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const stop = onLive<LiveEvent>("event", ({ type }) => {
      if (!type.startsWith(on)) return;
      clearTimeout(timer);
      timer = setTimeout(reload, DEBOUNCE_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [on, reload]);
  // Events were missed while the live stream was disconnected.
  useEffect(() => {
    let before = liveState.peek();
    return liveState.subscribe((now) => {
      if (before === "waiting" && now === "live") reload();
      before = now;
    });
  }, [reload]);

  const current = state.key === key ? state : { key, loading: true };
  return { data: current.data, error: current.error, loading: current.loading, reload };
}
