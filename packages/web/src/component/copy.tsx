import { useState } from "preact/hooks";

const SHOWN_MS = 1_500;

/** Copies `text`; says so for a moment. */
export function Copy({ text, what = "Copy" }: { text: string; what?: string }) {
  const [said, setSaid] = useState<string>();
  const copy = async () => {
    // A browser may refuse: in a frame, or without a secure connection.
    const done = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    setSaid(done ? "Copied" : "Not allowed");
    setTimeout(() => setSaid(undefined), SHOWN_MS);
  };
  return (
    <button type="button" class="copy" aria-live="polite" onClick={() => void copy()}>
      {said ?? what}
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
