// Single keys as shortcuts, while what is looked at has the focus: not in a field, nor in the list of sections.
import { useLayoutEffect, useRef } from "preact/hooks";

/** In the order of the keyboard: the first class is 1, the tenth 0. */
export const DIGITS = "1234567890";

export const byDigit = (key: string, classes: readonly string[]): string | undefined =>
  DIGITS.includes(key) ? classes[DIGITS.indexOf(key)] : undefined;

/** `press` answers whether the key meant something. */
export function useKeys(press: (key: string) => boolean): void {
  const latest = useRef(press);
  latest.current = press;
  useLayoutEffect(() => {
    const main = document.getElementById("main")!;
    if (document.activeElement === document.body) main.focus({ preventScroll: true });
    const listen = (event: KeyboardEvent) => {
      const { key, target, repeat, ctrlKey, metaKey, altKey } = event;
      // A key that is held down means one thing, not a hundred.
      if (repeat || ctrlKey || metaKey || altKey || !(target instanceof Element)) return;
      // The body has the focus where what had it has gone, as a button of the last picture.
      if (target !== document.body && !main.contains(target)) return;
      if (target.matches("input, select, textarea")) return;
      if (latest.current(key)) event.preventDefault();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
