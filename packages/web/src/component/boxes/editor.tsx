// Boxes on their image, edited with mouse, touch, pen or keyboard.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Box, boxBetween, formatBox, moveBox, type Point, resizeBox } from "./box.ts";
import type { Display, ShownBox } from "./display.ts";
import type { Drawing } from "./drawing.ts";
import { focusBox, useFocus } from "./focus.ts";
import { findClicked, findGrab, type Grab, gripPosition, visibleGrips } from "./grab.ts";
import { Names } from "./names.tsx";
import { REACH_PX, reachOf, toImage } from "./pointer.ts";
import { Highlight, Scene } from "./scene.tsx";
import { handleBoxKey, listenForUndo } from "./shortcuts.ts";
import { CLICK_PX } from "./use-zoom.ts";

interface Gesture {
  pointer: number;
  from: Point;
  grab: Grab;
  reach: number;
  moved: boolean;
}

interface BoxEditorProps {
  drawing: Drawing;
  display: Display;
  /** Boxes of the model below the threshold. */
  suggestions: readonly ShownBox[];
  /** Screen pixels per image pixel. */
  scale: number;
}

export function BoxEditor({ drawing, display, suggestions, scale }: BoxEditorProps) {
  const svg = useRef<SVGSVGElement>(null);
  const gesture = useRef<Gesture>(undefined);
  const [cursor, setCursor] = useState("");
  const [hovered, setHovered] = useState<number>();
  const { size, classes } = drawing;
  const boxes = drawing.boxes.value;
  const selected = drawing.selected.value;
  const hidden = display.hidden.value;
  useFocus(svg, drawing);
  useEffect(() => listenForUndo(drawing), [drawing]);

  // The selected box and a new one are shown even if their class is hidden.
  const isShown = (at: number) =>
    !hidden.has(boxes[at]!.class) || at === selected || at === drawing.committed.length;
  const shown = useMemo<ShownBox[]>(
    () => boxes.map((box, at) => ({ ...box, at })).filter(({ at }) => isShown(at)),
    [boxes, hidden, selected],
  );
  const drawn = useMemo(() => [...suggestions, ...shown], [suggestions, shown]);

  const down = (event: PointerEvent) => {
    // The second finger of a pinch.
    if (!event.isPrimary) stop();
    if (!event.isPrimary || event.button !== 0 || drawing.locked.peek()) return;
    const [from, reach] = [toImage(svg.current!, event), reachOf(event) / scale];
    svg.current!.setPointerCapture(event.pointerId);
    const grab = findGrab(boxes, selected, from, reach, isShown);
    gesture.current = { pointer: event.pointerId, from, reach, grab, moved: false };
    // Prevents text selection and keeps the focus.
    event.preventDefault();
  };
  const move = (event: PointerEvent) => {
    const [to, reach] = [toImage(svg.current!, event), reachOf(event) / scale];
    const now = gesture.current;
    if (now?.pointer !== event.pointerId) {
      if (now || event.pointerType !== "mouse") return;
      setCursor(cursorOf(findGrab(boxes, selected, to, reach, isShown)));
      return setHovered(findClicked(boxes, undefined, to, reach, isShown));
    }
    now.moved ||= Math.hypot(to.x - now.from.x, to.y - now.from.y) >= CLICK_PX / scale;
    if (now.moved) drawing.drag(...dragBox(drawing, now, to));
  };
  const up = (event: PointerEvent) => {
    const now = gesture.current;
    if (now?.pointer !== event.pointerId) return;
    stop();
    const to = toImage(svg.current!, event);
    if (now.moved) {
      const [at, box] = dragBox(drawing, now, to);
      if (box) drawing.put(at, box);
    } else if (now.grab.action === "resize") drawing.select(now.grab.at);
    else drawing.select(findClicked(boxes, selected, to, now.reach, isShown));
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

  // The selected box is on top.
  const highlighted = [hovered, selected].flatMap((at, index, all) =>
    all.lastIndexOf(at) === index ? (shown.find((box) => box.at === at) ?? []) : [],
  );
  return (
    <>
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
        onPointerLeave={() => setHovered(undefined)}
        onKeyDown={key}
      >
        <Scene boxes={drawn} classes={classes} />
        {shown.map((box) => (
          <rect
            key={box.at}
            class="target"
            data-at={box.at}
            {...{ x: box.x, y: box.y, width: box.width, height: box.height }}
            // SVG attributes are case-sensitive: tabIndex would have no effect.
            tabindex={0}
            role="button"
            aria-label={`${box.class}, ${formatBox(box)}`}
            aria-pressed={box.at === selected}
            onFocus={() => drawing.select(box.at)}
          />
        ))}
        {highlighted.map((box) => (
          <Highlight key={box.at} box={box} classes={classes} />
        ))}
        {selected !== undefined && boxes[selected] && <Grips box={boxes[selected]} scale={scale} />}
      </svg>
      <Names boxes={drawn} highlighted={highlighted} classes={classes} size={size} scale={scale} />
    </>
  );
}

function Grips({ box, scale }: { box: Box; scale: number }) {
  return visibleGrips(box, REACH_PX.fine / scale).map((grip) => {
    const { x, y } = gripPosition(box, grip);
    return <circle key={`${grip.across} ${grip.down}`} class="grip" cx={x} cy={y} r={5 / scale} />;
  });
}

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
