import { useState } from "preact/hooks";

const SHOWN_MS = 1_500;

/** Copies `text`; says so for a moment. */
export function Copy({ text, what = "Copy" }: { text: string; what?: string }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), SHOWN_MS);
  };
  return (
    <button type="button" class="copy" aria-live="polite" onClick={() => void copy()}>
      {done ? "Copied" : what}
    </button>
  );
}

/** A command to run in a terminal. */
export function Command({ children }: { children: string }) {
  return (
    <div class="command">
      <code>{children}</code>
      <Copy text={children} />
    </div>
  );
}
