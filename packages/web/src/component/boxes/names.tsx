// The names of boxes: those that have room, and those of highlighted boxes in any case. They are HTML, because a zoom
// then only moves them. The browser would lay out SVG text again.
import type { Rect } from "@sluice/overlay/box.ts";
import { forceName, placeNames } from "@sluice/overlay/names.ts";
import { colorOf } from "@sluice/overlay/palette.ts";
import { useMemo } from "preact/hooks";
import { formatPercent } from "../../format/number.ts";
import type { Size } from "./box.ts";
import type { ImageBox, ShownBox } from "./display.ts";

interface NamesProps {
  boxes: readonly ShownBox[];
  highlighted: readonly ShownBox[];
  classes: readonly string[];
  size: Size;
  /** Screen pixels per image pixel. */
  scale: number;
}

export function Names({ boxes, highlighted, classes, size, scale }: NamesProps) {
  const places = useMemo(() => placeNames(boxes, scale, size), [boxes, size.width, size.height, scale]);
  return (
    <div class="names" aria-hidden="true">
      {places.map(({ at, text, ...place }) =>
        highlighted.includes(boxes[at]!) ? null : (
          <Name key={at} class="name" place={place} text={text} of={text} classes={classes} />
        ),
      )}
      {highlighted.map((box) => {
        const text = describeBox(box);
        const place = forceName(box, text, scale, size);
        return (
          <Name
            key={`highlighted ${box.at}`}
            class="name highlighted"
            place={place}
            text={text}
            of={box.class}
            classes={classes}
          />
        );
      })}
    </div>
  );
}

/** "door 92 %" */
export const describeBox = ({ class: name, confidence }: ImageBox) =>
  confidence === undefined ? name : `${name} ${formatPercent(confidence, 0)}`;

interface NameProps {
  class: string;
  /** Screen pixels from the corner of the image. */
  place: Rect;
  text: string;
  /** The class of the box. */
  of: string;
  classes: readonly string[];
}

function Name({ class: style, place: { x, y, width, height }, text, of: name, classes }: NameProps) {
  const { line, halo } = colorOf(name, classes);
  return (
    <span
      class={style}
      style={{
        transform: `translate(${x}px, ${y}px)`,
        width: `${width}px`,
        height: `${height}px`,
        background: line,
        color: halo,
      }}
    >
      {text}
    </span>
  );
}
