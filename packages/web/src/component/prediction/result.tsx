// The classes of a result with their confidence and threshold.
import type { Result } from "@sluice/core/inference/result.ts";
import { type Model, thresholdOf } from "../../api/models.ts";
import { Bar } from "../bar.tsx";
import { Panel } from "../panel.tsx";
import { formatPlural, formatPercent } from "../../format/number.ts";

const MAX_ROWS = 12;

export function ResultPanel({ result, model }: { result: Result; model: Model | undefined }) {
  const { gate } = result;
  const threshold = (name: string) => (model ? thresholdOf(model, name) : gate.threshold);
  const rows = rowsOf(result);
  const confidence = gate.confidence === undefined ? "no objects" : formatPercent(gate.confidence);
  return (
    <Panel
      title={result.task === "object-detection" ? "Objects" : "Probabilities"}
      aside={
        result.task === "object-detection" ? formatPlural(result.detections.length, "object") : undefined
      }
    >
      <ol class="ranked best">
        {rows.slice(0, MAX_ROWS).map(({ name, share }, index) => (
          <li key={index}>
            <span class="name">{name}</span>
            <Bar share={share} threshold={threshold(name)} />
            <span class="number">{formatPercent(share)}</span>
          </li>
        ))}
      </ol>
      {rows.length > MAX_ROWS && <p class="hint">and {describeRest(result, rows.length)}</p>}
      {rows.length === 0 && <p class="hint">No objects.</p>}
      <p class="hint">
        {gate.passed ? "Above threshold" : "Below threshold"}: {confidence} (threshold{" "}
        {formatPercent(gate.threshold)}).
      </p>
    </Panel>
  );
}

/** "44 more, 146 below threshold" */
function describeRest(result: Result, rows: number): string {
  const doubtful = result.task === "object-detection" ? result.doubtful.length : 0;
  const more = rows - MAX_ROWS - doubtful;
  if (doubtful === 0 || more < 0) return `${rows - MAX_ROWS} more`;
  return `${more} more, ${doubtful} below threshold`;
}

function rowsOf(result: Result): Array<{ name: string; share: number }> {
  if (result.task === "object-detection")
    return [...result.detections, ...result.doubtful]
      .map(({ class: name, confidence }) => ({ name, share: confidence }))
      .toSorted((a, b) => b.share - a.share);
  const classes = result.task === "text-classification" ? result.scores : result.probabilities;
  return classes.map(({ class: name, probability }) => ({ name, share: probability }));
}
