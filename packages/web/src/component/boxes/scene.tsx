// How boxes are drawn, everywhere on the page: outlines in the color of their class.
import type { OverlayBox } from "@sluice/overlay/box.ts";
import { outlinesOf } from "@sluice/overlay/outlines.ts";
import { colorOf } from "@sluice/overlay/palette.ts";
import { useMemo } from "preact/hooks";

interface SceneProps {
  boxes: readonly OverlayBox[];
  classes: readonly string[];
}

export function Scene({ boxes, classes }: SceneProps) {
  return useMemo(() => {
    const outlines = outlinesOf(boxes, classes);
    return (["halo", "line"] as const).flatMap((layer) =>
      outlines.map(({ class: name, below, color, path }) => (
        <path
          key={`${layer} ${name} ${below}`}
          class={below ? `${layer} below` : layer}
          d={path}
          stroke={color[layer]}
        />
      )),
    );
  }, [boxes, classes]);
}

/** One box on top of all others. */
export function Highlight({ box, classes }: { box: OverlayBox; classes: readonly string[] }) {
  const { line } = colorOf(box.class, classes);
  const { x, y, width, height } = box;
  return (
    <g class="highlight">
      <rect class="dark" {...{ x, y, width, height }} />
      <rect class="light" {...{ x, y, width, height }} />
      <rect class="line" {...{ x, y, width, height }} stroke={line} fill={line} />
    </g>
  );
}
