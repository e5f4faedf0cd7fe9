// What a view says when it has nothing to show: not yet, nothing there, or an error.
import type { ComponentChildren } from "preact";
import type { ApiError } from "../api/problem.ts";
import { Command } from "./copy.tsx";

/** Appears only when it takes a moment: what comes at once should not blink. */
export function Loading({ what }: { what: string }) {
  return (
    <p class="loading" role="status">
      Loading {what} …
    </p>
  );
}

interface EmptyProps {
  title: string;
  /** What to run next. */
  command?: string;
  children?: ComponentChildren;
}

export function Empty({ title, command, children }: EmptyProps) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {command && <Command>{command}</Command>}
    </div>
  );
}

interface ErrorProps {
  error: Pick<ApiError, "code" | "message" | "hint">;
  retry?: () => void;
}

export function ErrorNote({ error, retry }: ErrorProps) {
  return (
    <div class="error" role="alert">
      <code>{error.code}</code>
      <p>{error.message}</p>
      {error.hint && <p class="hint">{error.hint}</p>}
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** One of the three, or what is there. */
export function Shown<T>(props: {
  remote: { data: T | undefined; error: ApiError | undefined; reload(): void };
  what: string;
  children: (data: T) => ComponentChildren;
}) {
  const { data, error, reload } = props.remote;
  if (data !== undefined) {
    return (
      <>
        {error && <ErrorNote error={error} retry={reload} />}
        {props.children(data)}
      </>
    );
  }
  return error ? <ErrorNote error={error} retry={reload} /> : <Loading what={props.what} />;
}
