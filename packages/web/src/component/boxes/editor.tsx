// Boxes on their image, edited with mouse, touch, pen or keyboard.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Box, boxBetween, formatBox, moveBox, type Point, resizeBox, type Size } from "./box.ts";
import type { Drawing } from "./drawing.ts";
import { findClicked, gripPosition, visibleGrips, type Grab, findGrab } from "./grab.ts";
import { handleBoxKey, listenForUndo } from "./shortcuts.ts";

/** Screen pixels: tolerance of a press, and movement up to which a press is a click. */
const REACH_PX = { fine: 8, coarse: 20 };
const CLICK_PX = 4;

interface Gesture {
  pointer: number;
  from: Point;
  grab: Grab;
  reach: number;
  moved: boolean;
}

export function BoxEditor({ drawing }: { drawing: Drawing }) {
  const svg = useRef<SVGSVGElement>(null);
  const gesture = useRef<Gesture>(undefined);
  const [cursor, setCursor] = useState("");
  const unit = useUnit(svg, drawing.size);
  const { size } = drawing;
  const boxes = drawing.boxes.value;
  const selected = drawing.selected.value;
  useFocus(svg, drawing);
  useEffect(() => listenForUndo(drawing), [drawing]);

  const find = (event: PointerEvent): [at: Point, reach: number] => {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(
      svg.current!.getScreenCTM()!.inverse(),
    );
    return [{ x, y }, unit * (event.pointerType === "mouse" ? REACH_PX.fine : REACH_PX.coarse)];
  };
  const down = (event: PointerEvent) => {
    if (!event.isPrimary || event.button !== 0 || drawing.locked.peek()) return;
    const [from, reach] = find(event);
    svg.current!.setPointerCapture(event.pointerId);
    gesture.current = {
      pointer: event.pointerId,
      from,
      reach,
      grab: findGrab(boxes, selected, from, reach),
      moved: false,
    };
    // Prevents text selection and keeps the focus.
    event.preventDefault();
  };
  const move = (event: PointerEvent) => {
    const [to, reach] = find(event);
    const now = gesture.current;
    if (now?.pointer !== event.pointerId)
      return now || setCursor(cursorOf(findGrab(boxes, selected, to, reach)));
    now.moved ||= Math.hypot(to.x - now.from.x, to.y - now.from.y) >= CLICK_PX * unit;
    if (now.moved) drawing.drag(...dragBox(drawing, now, to));
  };
  const up = (event: PointerEvent) => {
    const now = gesture.current;
    if (now?.pointer !== event.pointerId) return;
    stop();
    const [to] = find(event);
    if (!now.moved) {
      drawing.select(
        now.grab.action === "resize" ? now.grab.at : findClicked(boxes, selected, to, now.reach),
      );
      focusBox(svg.current, drawing.selected.peek());
      return;
    }
    const [at, box] = dragBox(drawing, now, to);
    if (box) drawing.put(at, box);
    focusBox(svg.current, drawing.selected.peek());
  };
  const stop = () => {
    gesture.current = undefined;
    drawing.drag(0, undefined);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "Escape" && gesture.current) stop();
    else if (!handleBoxKey(drawing, event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <svg
      ref={svg}
      class={`boxes editor ${cursor}`}
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="group"
      aria-label="Boxes on the image"
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={stop}
      onKeyDown={key}
    >
      {boxes.map((box, at) => (
        <g
          key={at}
          tabIndex={0}
          role="button"
          aria-label={`${box.class}, ${formatBox(box)}`}
          aria-pressed={at === selected}
          onFocus={() => drawing.select(at)}
        >
          <rect class="halo" {...placeIn(box)} />
          <rect class="line" {...placeIn(box)} />
          <text x={box.x + 3 * unit} y={Math.max(13 * unit, box.y - 5 * unit)} font-size={12 * unit}>
            {box.class}
          </text>
        </g>
      ))}
      {selected !== undefined && boxes[selected] && <Grips box={boxes[selected]} unit={unit} />}
    </svg>
  );
}

function Grips({ box, unit }: { box: Box; unit: number }) {
  return visibleGrips(box, REACH_PX.fine * unit).map((grip) => {
    const { x, y } = gripPosition(box, grip);
    return <circle key={`${grip.across} ${grip.down}`} class="grip" cx={x} cy={y} r={5 * unit} />;
  });
}

const placeIn = ({ x, y, width, height }: Box) => ({ x, y, width, height });

/** The box after a drag to `to`. Undefined without an area. */
function dragBox(drawing: Drawing, { from, grab }: Gesture, to: Point): [at: number, box: Box | undefined] {
  const { size } = drawing;
  const boxes = drawing.committed;
  if (grab.action === "draw") return [boxes.length, boxBetween(drawing.class.peek(), from, to, size)];
  const by = { x: to.x - from.x, y: to.y - from.y };
  const box = boxes[grab.at]!;
  return [grab.at, grab.action === "move" ? moveBox(box, by, size) : resizeBox(box, grab.grip, by, size)];
}

function cursorOf(grab: Grab): string {
  if (grab.action !== "resize") return grab.action;
  const { across, down } = grab.grip;
  if (across === 0) return "down";
  if (down === 0) return "across";
  return across === down ? "falling" : "rising";
}

/** Image pixels per screen pixel, so that lines and text keep their size. */
function useUnit(svg: { current: SVGSVGElement | null }, { width, height }: Size): number {
  const [unit, setUnit] = useState(Math.max(width, height) / 640);
  useEffect(() => {
    const watch = new ResizeObserver(() => {
      const scale = svg.current?.getScreenCTM()?.a;
      if (scale) setUnit(1 / scale);
    });
    watch.observe(svg.current!);
    return () => watch.disconnect();
  }, [width, height]);
  return unit;
}

const focusBox = (svg: SVGSVGElement | null, at: number | undefined) =>
  svg?.querySelectorAll<SVGGElement>("g")[at ?? -1]?.focus({ preventScroll: true });

/** Focuses the selected box, so that keys affect it, but not when the editor opens. */
function useFocus(svg: { current: SVGSVGElement | null }, drawing: Drawing) {
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
