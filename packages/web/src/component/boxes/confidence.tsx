// A slider for the confidence that a box must reach, with the thresholds of the model as marks.
import { formatPercent } from "../../format/number.ts";
import type { Display } from "./display.ts";

interface ConfidenceSliderProps {
  label: string;
  display: Display;
  /** Of the model, then those of single classes. */
  thresholds: readonly number[];
}

export function ConfidenceSlider({ label, display, thresholds }: ConfidenceSliderProps) {
  const chosen = display.confidence.value;
  const threshold = thresholds[0] ?? 0;
  const value = chosen ?? threshold;
  return (
    <div class="confidence">
      <label>
        {label}
        <span class="track">
          <input
            type="range"
            min="0"
            max="100"
            step="1"
            value={Math.round(value * 100)}
            aria-valuetext={`${formatPercent(value, 0)}, threshold ${formatPercent(threshold, 0)}`}
            onInput={({ currentTarget }) => (display.confidence.value = Number(currentTarget.value) / 100)}
          />
          {[...new Set(thresholds)].map((mark) => (
            <i
              key={mark}
              class="mark"
              style={{ "--at": mark }}
              title={`threshold ${formatPercent(mark, 0)}`}
            />
          ))}
        </span>
      </label>
      <output class="number">{formatPercent(value, 0)}</output>
      <button
        type="button"
        class="quiet"
        disabled={chosen === undefined}
        onClick={() => (display.confidence.value = undefined)}
      >
        Reset to threshold
      </button>
    </div>
  );
}
