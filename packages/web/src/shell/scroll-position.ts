// Restores the scroll position of a view on the way back. A new view starts at its top, with the focus in the main part.
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

const SAVE_DELAY_MS = 150;
/** Content loads later and moves the page. The position is restored again for this long. */
const RESTORE_MS = 5_000;

export function useScrollPosition(path: string): RefObject<HTMLElement | null> {
  const box = useRef<HTMLElement>(null);
  const first = useRef(true);
  useLayoutEffect(() => {
    const main = box.current;
    if (!main) return undefined;
    if (!first.current && document.activeElement === document.body) main.focus({ preventScroll: true });
    first.current = false;

    const top = (history.state as { top?: number } | null)?.top ?? 0;
    const controller = new AbortController();
    main.scrollTop = top;
    const observer = new MutationObserver(() => (main.scrollTop = top));
    if (top > 0) observer.observe(main, { childList: true, subtree: true });
    const timeout = setTimeout(() => observer.disconnect(), RESTORE_MS);
    // Stop as soon as the person scrolls.
    for (const name of ["wheel", "touchstart", "pointerdown", "keydown"])
      main.addEventListener(name, () => observer.disconnect(), { signal: controller.signal, passive: true });

    let saveTimer: ReturnType<typeof setTimeout>;
    const save = () => history.replaceState({ top: main.scrollTop }, "");
    main.addEventListener(
      "scroll",
      () => {
        clearTimeout(saveTimer);
        saveTimer = setTimeout(save, SAVE_DELAY_MS);
      },
      { signal: controller.signal },
    );
    return () => {
      controller.abort();
      observer.disconnect();
      clearTimeout(timeout);
      clearTimeout(saveTimer);
    };
  }, [path]);
  return box;
}
