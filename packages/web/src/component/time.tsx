import { exact, now, relative } from "../format/time.ts";

/** "3 s ago", with the exact instant on hover. */
export function Time({ at }: { at: string | number | undefined }) {
  if (at === undefined) return <span class="faint">–</span>;
  return (
    <time dateTime={new Date(at).toISOString()} title={exact(at)}>
      {relative(at, now.value)}
    </time>
  );
}
