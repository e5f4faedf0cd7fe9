// How boxes are drawn, everywhere on the page: outlines in the color of their class, and names where there is room.
import { NAME, forceName, nameWidth, type PlacedName, placeNames } from "@sluice/overlay/names.ts";
import type { OverlayBox } from "@sluice/overlay/box.ts";
import { outlinesOf } from "@sluice/overlay/outlines.ts";
import { colorOf } from "@sluice/overlay/palette.ts";
import { useMemo } from "preact/hooks";
import { formatPercent } from "../../format/number.ts";
import type { Size } from "./box.ts";
import type { ImageBox } from "./display.ts";

interface SceneProps {
  boxes: readonly OverlayBox[];
  classes: readonly string[];
  size: Size;
  /** Screen pixels per image pixel. Undefined: without names. */
  scale?: number;
}

export function Scene({ boxes, classes, size, scale }: SceneProps) {
  const outlines = useMemo(() => {
    const all = outlinesOf(boxes, classes);
    return (["halo", "line"] as const).flatMap((layer) =>
      all.map(({ class: name, below, color, path }) => (
        <path
          key={`${layer} ${name} ${below}`}
          class={below ? `${layer} below` : layer}
          d={path}
          stroke={color[layer]}
        />
      )),
    );
  }, [boxes, classes]);
  const names = useMemo(
    () =>
      scale &&
      placeNames(boxes, scale, size).map((name) => (
        <NameChip key={name.at} place={name} text={name.text} of={name.text} classes={classes} scale={scale} />
      )),
    [boxes, classes, size.width, size.height, scale],
  );
  return (
    <>
      {outlines}
      {names}
    </>
  );
}

interface HighlightProps extends Required<Omit<SceneProps, "boxes">> {
  box: ImageBox;
}

/** One box on top of all others, with its name and confidence. */
export function Highlight({ box, classes, size, scale }: HighlightProps) {
  const { line } = colorOf(box.class, classes);
  const { x, y, width, height } = box;
  const text = describeBox(box);
  return (
    <g class="highlight">
      {["dark", "light", "line"].map((layer) => (
        <rect
          key={layer}
          class={layer}
          {...{ x, y, width, height }}
          {...(layer === "line" && { stroke: line, fill: line })}
        />
      ))}
      <NameChip
        place={forceName(box, text, scale, size)}
        text={text}
        of={box.class}
        classes={classes}
        scale={scale}
      />
    </g>
  );
}

/** "door 92 %" */
export const describeBox = ({ class: name, confidence }: ImageBox) =>
  confidence === undefined ? name : `${name} ${formatPercent(confidence, 0)}`;

interface NameChipProps {
  place: Pick<PlacedName, "x" | "y">;
  text: string;
  of: string;
  classes: readonly string[];
  scale: number;
}

function NameChip({ place: { x, y }, text, of: name, classes, scale }: NameChipProps) {
  const { line, halo } = colorOf(name, classes);
  const width = nameWidth(text);
  return (
    <g class="name" transform={`translate(${x / scale} ${y / scale}) scale(${1 / scale})`} aria-hidden="true">
      <rect width={width} height={NAME.height} rx="2" fill={line} stroke={halo} />
      <text x={width / 2} y="11" font-size={NAME.fontSize} text-anchor="middle" fill={halo}>
        {text}
      </text>
    </g>
  );
}
