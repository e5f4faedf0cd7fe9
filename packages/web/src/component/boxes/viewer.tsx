// Boxes that are viewed: the pointer, a tap or the keyboard shows the name of a box.
import { useMemo, useRef, useState } from "preact/hooks";
import { formatPlural } from "../../format/number.ts";
import { formatBox, type Size } from "./box.ts";
import type { ShownBox } from "./display.ts";
import { focusBox } from "./focus.ts";
import { findClicked } from "./grab.ts";
import { describeBox, Names } from "./names.tsx";
import { reachOf, toImage } from "./pointer.ts";
import { Highlight, Scene } from "./scene.tsx";

interface BoxViewerProps {
  boxes: readonly ShownBox[];
  classes: readonly string[];
  size: Size;
  scale: number;
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export function BoxViewer({ boxes, classes, size, scale }: BoxViewerProps) {
  const svg = useRef<SVGSVGElement>(null);
  const [hovered, setHovered] = useState<number>();
  const [focused, setFocused] = useState<number>();
  const [tabStop, setTabStop] = useState(0);
  const current = boxes.find(({ at }) => at === (hovered ?? focused));
  const find = (event: MouseEvent, selected?: number) => {
    const index = findClicked(boxes, selected, toImage(svg.current!, event), reachOf(event) / scale);
    return index === undefined ? undefined : boxes[index]!.at;
  };
  const click = (event: MouseEvent) => {
    const at = find(
      event,
      boxes.findIndex((box) => box.at === focused),
    );
    if (at === undefined) return;
    focusBox(svg.current, at);
    // The box around the smallest one is under the pointer as well, but not the one to be shown.
    setHovered(undefined);
  };
  const key = (event: KeyboardEvent) => {
    const index = boxes.findIndex(({ at }) => at === focused);
    const next = boxes[index + (STEPS[event.key] ?? 0)];
    if (event.ctrlKey || event.metaKey || event.altKey || index === -1) return;
    if (event.key === "Escape") svg.current!.closest<HTMLElement>(".frame")?.focus({ preventScroll: true });
    else if (event.key in STEPS) focusBox(svg.current, (next ?? boxes[index]!).at, false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const entry = boxes.some(({ at }) => at === tabStop) ? tabStop : boxes[0]?.at;
  // One tab stop for all, because hundreds would keep the keyboard from everything behind them.
  const targets = useMemo(
    () =>
      boxes.map((box) => (
        <rect
          key={box.at}
          id={box.detection}
          class="target"
          data-at={box.at}
          {...{ x: box.x, y: box.y, width: box.width, height: box.height }}
          // SVG attributes are case-sensitive: tabIndex would have no effect.
          tabindex={box.at === entry ? 0 : -1}
          role="img"
          aria-label={`${describeBox(box)}, ${formatBox(box)}`}
          onFocus={() => {
            setFocused(box.at);
            setTabStop(box.at);
          }}
          onBlur={() => setFocused(undefined)}
        />
      )),
    [boxes, entry],
  );
  const highlighted = current ? [current] : [];
  return (
    <>
      <svg
        ref={svg}
        class="boxes viewer"
        viewBox={`0 0 ${size.width} ${size.height}`}
        role="group"
        aria-label={`${formatPlural(boxes.length, "box", "boxes")}. Arrow keys: next and previous.`}
        onPointerMove={(event) => event.pointerType === "mouse" && setHovered(find(event))}
        onPointerLeave={() => setHovered(undefined)}
        onClick={click}
        onKeyDown={key}
      >
        <Scene boxes={boxes} classes={classes} />
        {targets}
        {current && <Highlight box={current} classes={classes} />}
      </svg>
      <Names boxes={boxes} highlighted={highlighted} classes={classes} size={size} scale={scale} />
    </>
  );
}
