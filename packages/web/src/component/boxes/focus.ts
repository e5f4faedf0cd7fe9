// Moves the keyboard focus between boxes.
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Drawing } from "./drawing.ts";

type SvgRef = { current: SVGSVGElement | null };

/** A press of the pointer must not scroll the image away from under it. */
export const focusBox = (svg: SVGSVGElement | null, at: number | undefined, preventScroll = true) =>
  svg?.querySelector<SVGElement>(`[data-at="${at}"]`)?.focus({ preventScroll });

/** Focuses the selected box, so that keys affect it, but not when the editor opens. */
export function useFocus(svg: SvgRef, drawing: Drawing) {
  const opened = useRef<Drawing>(undefined);
  const selected = drawing.selected.value;
  // Before the next key: a later focus could select the wrong box.
  useLayoutEffect(() => {
    const isOpen = opened.current === drawing;
    opened.current = drawing;
    if (isOpen && selected !== undefined) focusBox(svg.current, selected);
    else restoreFocus(svg.current);
  }, [drawing, selected]);
  useLayoutEffect(() => () => restoreFocus(svg.current), []);
}

function restoreFocus(svg: SVGSVGElement | null) {
  if (isFocusLost(svg)) document.getElementById("main")?.focus({ preventScroll: true });
}

/** The focused element was removed or disabled. */
function isFocusLost(svg: SVGSVGElement | null): boolean {
  const { activeElement: at, body } = document;
  return at === null || at === body || at.matches(":disabled") || svg?.contains(at) === true;
}
