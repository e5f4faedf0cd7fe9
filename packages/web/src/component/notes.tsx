// What a view shows instead of data: loading, nothing, or an error.
import type { ComponentChildren } from "preact";
import type { ApiError } from "../api/problem.ts";
import { Command } from "./copy-button.tsx";

/** Visible after a short delay, so that a fast response does not flicker. */
export function Loading({ what }: { what: string }) {
  return (
    <p class="loading" role="status">
      Loading {what} …
    </p>
  );
}

interface EmptyProps {
  title: string;
  /** The command to run next. */
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

interface LoadedProps<T> {
  resource: { data: T | undefined; error: ApiError | undefined; reload(): void };
  what: string;
  children: (data: T) => ComponentChildren;
}

/** The data of a resource. Before the first response: that it is loading, or the error. */
export function Loaded<T>({ resource, what, children }: LoadedProps<T>) {
  const { data, error, reload } = resource;
  return (
    <>
      {error && <ErrorNote error={error} retry={reload} />}
      {data === undefined ? !error && <Loading what={what} /> : children(data)}
    </>
  );
}
