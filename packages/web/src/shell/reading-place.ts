// Where one reads: another page begins at its top, one that is come back to goes on where it was left. And keys go on
// from there when what had the focus is gone.
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

const SETTLED_MS = 150;
/** What a page holds comes after it, and moves what is there: so long one is taken back to one's place. */
const PATIENCE_MS = 5_000;

export function useReadingPlace(path: string): RefObject<HTMLElement | null> {
  const box = useRef<HTMLElement>(null);
  const first = useRef(true);
  useLayoutEffect(() => {
    const main = box.current;
    if (!main) return undefined;
    if (!first.current && document.activeElement === document.body) main.focus({ preventScroll: true });
    first.current = false;

    const place = (history.state as { top?: number } | null)?.top ?? 0;
    const over = new AbortController();
    main.scrollTop = place;
    const arriving = new MutationObserver(() => (main.scrollTop = place));
    if (place > 0) arriving.observe(main, { childList: true, subtree: true });
    const patience = setTimeout(() => arriving.disconnect(), PATIENCE_MS);
    // Whoever scrolls is not taken back.
    for (const name of ["wheel", "touchstart", "pointerdown", "keydown"])
      main.addEventListener(name, () => arriving.disconnect(), { signal: over.signal, passive: true });

    let settled: ReturnType<typeof setTimeout>;
    const remember = () => history.replaceState({ top: main.scrollTop }, "");
    main.addEventListener(
      "scroll",
      () => {
        clearTimeout(settled);
        settled = setTimeout(remember, SETTLED_MS);
      },
      { signal: over.signal },
    );
    return () => {
      over.abort();
      arriving.disconnect();
      clearTimeout(patience);
      clearTimeout(settled);
    };
  }, [path]);
  return box;
}
