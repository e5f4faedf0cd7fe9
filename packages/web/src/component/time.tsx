import { signal } from "@preact/signals";
import { formatExact, formatRelative } from "../format/time.ts";

/** Updated each second while the page is visible, so that "3 s ago" stays correct. */
const now = signal(Date.now());
setInterval(() => document.hidden || (now.value = Date.now()), 1_000);

/** "3 s ago", with the exact time as a tooltip. */
export function Time({ at }: { at: string | number | undefined }) {
  if (at === undefined) return <span class="faint">–</span>;
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExact(at)}>
      {formatRelative(at, now.value)}
    </time>
  );
}
