import type { Zoom } from "./use-zoom.ts";
import { zoomForKey } from "./zoom.ts";

/** One press moves by this share of the frame. */
const PAN = 0.4;
const DIRECTIONS = [
  ["Move left", "←", -PAN, 0],
  ["Move up", "↑", 0, -PAN],
  ["Move down", "↓", 0, PAN],
  ["Move right", "→", PAN, 0],
] as const;

/** Buttons that zoom and, when zoomed, move the image. */
export function ZoomTools({ view: { zoom, zoomTo, panBy } }: { view: Zoom }) {
  const press = (key: string) => zoomTo(zoomForKey(zoom, key)!);
  return (
    <div class="zoom-tools" role="group" aria-label="Zoom">
      <button type="button" aria-label="Zoom out" title="Zoom out: −" onClick={() => press("-")}>
        −
      </button>
      <button
        type="button"
        class="number"
        aria-label={`${Math.round(zoom * 100)} %. Show the whole image`}
        title="Show the whole image: f"
        onClick={() => press("f")}
      >
        {Math.round(zoom * 100)} %
      </button>
      <button
        type="button"
        aria-label="Zoom in"
        title="Zoom in: +, or Ctrl and wheel"
        onClick={() => press("+")}
      >
        +
      </button>
      {zoom > 1 &&
        DIRECTIONS.map(([name, arrow, across, down]) => (
          <button key={name} type="button" aria-label={name} title={name} onClick={() => panBy(across, down)}>
            {arrow}
          </button>
        ))}
    </div>
  );
}
