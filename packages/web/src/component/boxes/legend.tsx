// The classes of the boxes with their colors and counts. A press hides or shows a class.
import { legendOf } from "@sluice/overlay/legend.ts";
import type { Display, ImageBox } from "./display.ts";

interface LegendProps {
  boxes: readonly ImageBox[];
  classes: readonly string[];
  display: Display;
}

export function Legend({ boxes, classes, display }: LegendProps) {
  const entries = legendOf(boxes, classes);
  if (entries.length === 0) return null;
  const shown = legendOf(
    boxes.filter((box) => display.reaches(box)),
    classes,
  );
  const counts = new Map(shown.map((entry) => [entry.class, entry.count]));
  const someHidden = entries.some((entry) => display.isHidden(entry.class));
  return (
    <div class="legend" role="group" aria-label="Classes">
      {entries.map(({ class: name, color }) => (
        <button
          key={name}
          type="button"
          aria-pressed={!display.isHidden(name)}
          title={display.isHidden(name) ? `Show ${name}` : `Hide ${name}`}
          onClick={() => display.toggle(name)}
        >
          <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
            <rect x="1.5" y="1.5" width="9" height="9" rx="1" fill={color.line} stroke={color.halo} />
          </svg>
          {name} <span class="number">{counts.get(name) ?? 0}</span>
        </button>
      ))}
      {entries.length > 1 && (
        <button
          type="button"
          class="quiet"
          onClick={() =>
            someHidden ? display.showAll() : display.hideAll(entries.map((entry) => entry.class))
          }
        >
          {someHidden ? "Show all" : "Hide all"}
        </button>
      )}
    </div>
  );
}
