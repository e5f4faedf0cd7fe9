import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { Panel } from "../../component/panel.tsx";
import { formatDuration } from "../../format/time.ts";
import { toSteps } from "./timing-steps.ts";

/** One bar for each step of a prediction. */
export function Timings({ prediction: { timings } }: { prediction: Prediction }) {
  if (!timings) return null;
  const steps = toSteps(timings);
  const total = Math.max(1, ...steps.map(({ start, ms }) => start + ms));
  return (
    <Panel title="Duration" aside={timings.totalMs !== undefined && formatDuration(timings.totalMs)}>
      <ol class="steps">
        {steps.map(({ name, ms, start, inside }) => (
          <li key={name} class={inside ? "inside" : ""}>
            <span>{name}</span>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              <rect x={(start / total) * 100} width={Math.max(0.6, (ms / total) * 100)} height="10" />
            </svg>
            <span class="number">{formatStep(ms)}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

const formatStep = (ms: number) => (ms < 10 ? `${Number(ms.toFixed(1))} ms` : formatDuration(ms));
