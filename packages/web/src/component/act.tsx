// A button that does something on the other side, and says what came of it.
import { useState } from "preact/hooks";
import { type ApiError, asApiError } from "../api/problem.ts";
import { ErrorNote } from "./note.tsx";

interface ActProps {
  name: string;
  /** Asked before, where it cannot be taken back. */
  ask?: string;
  /** What to say afterwards. */
  act: () => Promise<string>;
  primary?: boolean;
  disabled?: boolean;
}

export function Act({ name, ask, act, primary = false, disabled = false }: ActProps) {
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const [error, setError] = useState<ApiError>();
  const run = async () => {
    if (ask && !confirm(ask)) return;
    setBusy(true);
    setError(undefined);
    try {
      setSaid(await act());
    } catch (thrown) {
      setError(asApiError(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button
        type="button"
        class={primary ? "primary" : ""}
        disabled={busy || disabled}
        onClick={() => void run()}
      >
        {busy ? `${name} …` : name}
      </button>
      {said && (
        <span role="status" class="faint">
          {said}
        </span>
      )}
      {error && <ErrorNote error={error} />}
    </>
  );
}
