import { classForKey } from "../shortcuts.ts";
import { moveBox, resizeBox } from "./box.ts";
import type { Drawing } from "./drawing.ts";

const ARROWS: Record<string, { x: number; y: number }> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Returns whether it handled the key. */
export function handleBoxKey(drawing: Drawing, { key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent) {
  const [at, box] = [drawing.selected.peek(), drawing.current];
  if (at === undefined || !box || ctrlKey || metaKey || altKey) return false;
  const arrow = ARROWS[key];
  const name = classForKey(key, drawing.classes);
  if (arrow) {
    const next = shiftKey
      ? resizeBox(box, { across: 1, down: 1 }, arrow, drawing.size)
      : moveBox(box, arrow, drawing.size);
    drawing.put(at, next, `keys on ${at}`);
  } else if (name !== undefined) drawing.setClass(name);
  else if (key === "Delete" || key === "Backspace") drawing.remove();
  else if (key === "Escape") drawing.select(undefined);
  else return false;
  return true;
}

/** Ctrl+Z, except in an input field with its own undo. Returns a function that removes the listener. */
export function listenForUndo(drawing: Drawing): () => void {
  const listen = (event: KeyboardEvent) => {
    const { key, target, ctrlKey, metaKey, shiftKey } = event;
    if (key.toLowerCase() !== "z" || !(ctrlKey || metaKey) || shiftKey) return;
    if (target instanceof Element && target.matches("input, textarea")) return;
    event.preventDefault();
    drawing.undo();
  };
  document.addEventListener("keydown", listen);
  return () => document.removeEventListener("keydown", listen);
}
