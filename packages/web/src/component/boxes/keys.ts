// What keys do to the boxes.
import { byDigit } from "../keys.ts";
import { moved, resized } from "./box.ts";
import type { Drawing } from "./drawing.ts";

const ARROWS: Record<string, { x: number; y: number }> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** On a box; answers whether the key meant something. */
export function onBoxKey(drawing: Drawing, { key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent) {
  const [at, box] = [drawing.selected.peek(), drawing.current];
  if (at === undefined || !box || ctrlKey || metaKey || altKey) return false;
  const arrow = ARROWS[key];
  const name = byDigit(key, drawing.classes);
  if (arrow) {
    const next = shiftKey
      ? resized(box, { across: 1, down: 1 }, arrow, drawing.size)
      : moved(box, arrow, drawing.size);
    drawing.put(at, next, `keys on ${at}`);
  } else if (name !== undefined) drawing.name(name);
  else if (key === "Delete" || key === "Backspace") drawing.remove();
  else if (key === "Escape") drawing.select(undefined);
  else return false;
  return true;
}

/** Ctrl+Z, wherever the focus is, but not in a text that has its own way back. */
export function onUndoKey(drawing: Drawing): () => void {
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
