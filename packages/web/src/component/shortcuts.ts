// Single-key shortcuts, active while the main part of the page has the focus and no input field has it.
import { useLayoutEffect, useRef } from "preact/hooks";

/** In keyboard order: 1 is the first class, 0 the tenth. */
export const DIGITS = "1234567890";

export const classForKey = (key: string, classes: readonly string[]): string | undefined =>
  DIGITS.includes(key) ? classes[DIGITS.indexOf(key)] : undefined;

/** `press` returns whether it handled the key. */
export function useShortcuts(press: (key: string) => boolean): void {
  const latest = useRef(press);
  latest.current = press;
  useLayoutEffect(() => {
    const main = document.getElementById("main")!;
    if (document.activeElement === document.body) main.focus({ preventScroll: true });
    const listen = (event: KeyboardEvent) => {
      const { key, target, repeat, ctrlKey, metaKey, altKey } = event;
      // Ignore the repetitions of a key that is held down.
      if (repeat || ctrlKey || metaKey || altKey || !(target instanceof Element)) return;
      // The body has the focus if the focused element was removed.
      if (target !== document.body && !main.contains(target)) return;
      if (target.matches("input, select, textarea")) return;
      if (latest.current(key)) event.preventDefault();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
