import { useState } from "preact/hooks";

const MESSAGE_MS = 1_500;

/** Copies `text` and confirms it for a moment. */
export function CopyButton({ text, name = "Copy" }: { text: string; name?: string }) {
  const [message, setMessage] = useState<string>();
  const copy = async () => {
    // Browsers deny this in a frame or without HTTPS.
    const done = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    setMessage(done ? "Copied" : "Not allowed");
    setTimeout(() => setMessage(undefined), MESSAGE_MS);
  };
  return (
    <button type="button" class="copy" aria-live="polite" onClick={() => void copy()}>
      {message ?? name}
    </button>
  );
}

/** A command to run in a terminal. */
export function Command({ children }: { children: string }) {
  return (
    <div class="command">
      <code>{children}</code>
      <CopyButton text={children} />
    </div>
  );
}
