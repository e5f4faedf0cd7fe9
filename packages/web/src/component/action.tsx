import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type ApiError, toApiError } from "../api/problem.ts";
import { ErrorNote } from "./notes.tsx";

/** Runs one action at a time. `result` is its message or its error. */
export function useAction() {
  const [busy, setBusy] = useState(false);
  const [message, setMessage] = useState("");
  const [error, setError] = useState<ApiError>();
  const run = async (action: () => Promise<string | void>) => {
    setBusy(true);
    setError(undefined);
    try {
      setMessage((await action()) ?? "");
    } catch (thrown) {
      setError(toApiError(thrown));
    } finally {
      setBusy(false);
    }
  };
  const result: ComponentChildren = (
    <>
      {message && (
        <span role="status" class="faint">
          {message}
        </span>
      )}
      {error && <ErrorNote error={error} />}
    </>
  );
  return { busy, run, result };
}

interface ActionButtonProps {
  name: string;
  /** Asked before an action that cannot be undone. */
  question?: string;
  /** Returns the message to show afterwards. */
  action: () => Promise<string>;
  primary?: boolean;
  disabled?: boolean;
}

export function ActionButton(props: ActionButtonProps) {
  const { name, question, action, primary = false, disabled = false } = props;
  const { busy, run, result } = useAction();
  return (
    <>
      <button
        type="button"
        class={primary ? "primary" : ""}
        disabled={busy || disabled}
        onClick={() => (!question || confirm(question)) && void run(action)}
      >
        {busy ? `${name} …` : name}
      </button>
      {result}
    </>
  );
}
