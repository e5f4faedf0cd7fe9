// The boxes over their picture, to be set right by mouse, finger, pen or keys.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Box, between, moved, placeOf, type Point, resized, type Size } from "./box.ts";
import type { Drawing } from "./drawing.ts";
import { clickedAt, gripPlace, gripsOf, type Hold, holdAt } from "./hold.ts";
import { onBoxKey, onUndoKey } from "./keys.ts";

/** On the screen: how far off a press may be, and what is a click still. */
const REACH_PX = { fine: 8, coarse: 20 };
const STILL_PX = 4;

interface Gesture {
  pointer: number;
  from: Point;
  hold: Hold;
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
  useEffect(() => onUndoKey(drawing), [drawing]);

  const find = (event: PointerEvent): [at: Point, reach: number] => {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(
      svg.current!.getScreenCTM()!.inverse(),
    );
    return [{ x, y }, unit * (event.pointerType === "mouse" ? REACH_PX.fine : REACH_PX.coarse)];
  };
  const down = (event: PointerEvent) => {
    if (!event.isPrimary || event.button !== 0 || drawing.sealed.peek()) return;
    const [from, reach] = find(event);
    svg.current!.setPointerCapture(event.pointerId);
    gesture.current = {
      pointer: event.pointerId,
      from,
      reach,
      hold: holdAt(boxes, selected, from, reach),
      moved: false,
    };
    // No text is selected, and no box loses the focus.
    event.preventDefault();
  };
  const move = (event: PointerEvent) => {
    const [to, reach] = find(event);
    const now = gesture.current;
    if (now?.pointer !== event.pointerId)
      return now || setCursor(cursorOf(holdAt(boxes, selected, to, reach)));
    now.moved ||= Math.hypot(to.x - now.from.x, to.y - now.from.y) >= STILL_PX * unit;
    if (now.moved) drawing.drag(...dragged(drawing, now, to));
  };
  const up = (event: PointerEvent) => {
    const now = gesture.current;
    if (now?.pointer !== event.pointerId) return;
    stop();
    const [to] = find(event);
    if (!now.moved) {
      drawing.select(now.hold.does === "resize" ? now.hold.at : clickedAt(boxes, selected, to, now.reach));
      focusOf(svg.current, drawing.selected.peek());
      return;
    }
    const [at, box] = dragged(drawing, now, to);
    if (box) drawing.put(at, box);
    focusOf(svg.current, drawing.selected.peek());
  };
  const stop = () => {
    gesture.current = undefined;
    drawing.drag(0, undefined);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "Escape" && gesture.current) stop();
    else if (!onBoxKey(drawing, event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <svg
      ref={svg}
      class={`boxes editor ${cursor}`}
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="group"
      aria-label="Boxes on the picture"
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
          aria-label={`${box.class}, ${placeOf(box)}`}
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
  return gripsOf(box, REACH_PX.fine * unit).map((grip) => {
    const { x, y } = gripPlace(box, grip);
    return <circle key={`${grip.across} ${grip.down}`} class="grip" cx={x} cy={y} r={5 * unit} />;
  });
}

const placeIn = ({ x, y, width, height }: Box) => ({ x, y, width, height });

/** Where the drag has brought the box by now; nothing where it has no area yet. */
function dragged(drawing: Drawing, { from, hold }: Gesture, to: Point): [at: number, box: Box | undefined] {
  const { size } = drawing;
  const boxes = drawing.settled;
  if (hold.does === "draw") return [boxes.length, between(drawing.class.peek(), from, to, size)];
  const by = { x: to.x - from.x, y: to.y - from.y };
  const box = boxes[hold.at]!;
  return [hold.at, hold.does === "move" ? moved(box, by, size) : resized(box, hold.grip, by, size)];
}

function cursorOf(hold: Hold): string {
  if (hold.does !== "resize") return hold.does;
  const { across, down } = hold.grip;
  if (across === 0) return "down";
  if (down === 0) return "across";
  return across === down ? "falling" : "rising";
}

/** How many of the picture's pixels one of the screen's is: lines and letters keep their size. */
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

const focusOf = (svg: SVGSVGElement | null, at: number | undefined) =>
  svg?.querySelectorAll<SVGGElement>("g")[at ?? -1]?.focus({ preventScroll: true });

/** What is selected has the focus, wherever it was selected from, so that keys go on with it; not by opening it. */
function useFocus(svg: { current: SVGSVGElement | null }, drawing: Drawing) {
  const opened = useRef<Drawing>(undefined);
  const selected = drawing.selected.value;
  // Before the next key comes: a focus given later would select what is no longer meant.
  useLayoutEffect(() => {
    const same = opened.current === drawing;
    opened.current = drawing;
    if (same && selected !== undefined) focusOf(svg.current, selected);
    else rescue(svg.current);
  }, [drawing, selected]);
  useLayoutEffect(() => () => rescue(svg.current), []);
}

function rescue(svg: SVGSVGElement | null) {
  if (isLost(svg)) document.getElementById("main")?.focus({ preventScroll: true });
}

/** On what cannot take keys any more. */
function isLost(svg: SVGSVGElement | null): boolean {
  const { activeElement: at, body } = document;
  return at === null || at === body || at.matches(":disabled") || svg?.contains(at) === true;
}
