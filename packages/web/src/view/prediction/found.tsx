// How sure the model was of what, against the line it has to reach.
import type { Result } from "@sluice/core/inference/result.ts";
import { type Model, thresholdOf } from "../../api/models.ts";
import { Bar } from "../../component/bar.tsx";
import { Panel } from "../../component/panel.tsx";
import { many, percent } from "../../format/number.ts";

const MOST = 12;

export function Found({ result, model }: { result: Result; model: Model | undefined }) {
  const { gate } = result;
  const line = (name: string) => (model ? thresholdOf(model, name) : gate.threshold);
  const rows = rowsOf(result);
  const sentence = gate.passed
    ? `The gate let it pass: ${percent(gate.confidence ?? 0)} of at least ${percent(gate.threshold)}.`
    : `The gate held it back: ${gate.confidence === undefined ? "nothing" : percent(gate.confidence)} of at least ${percent(gate.threshold)}.`;
  return (
    <Panel
      title={result.task === "object-detection" ? "Found" : "Probabilities"}
      aside={result.task === "object-detection" ? many(result.detections.length, "object") : undefined}
    >
      <ol class="ranked best">
        {rows.slice(0, MOST).map(({ name, share }, index) => (
          <li key={index}>
            <span class="name">{name}</span>
            <Bar share={share} threshold={line(name)} />
            <span class="number">{percent(share)}</span>
          </li>
        ))}
      </ol>
      {rows.length > MOST && <p class="hint">and {rows.length - MOST} more below these</p>}
      {rows.length === 0 && <p class="hint">Nothing was found.</p>}
      <p class="hint">{sentence}</p>
    </Panel>
  );
}

function rowsOf(result: Result): Array<{ name: string; share: number }> {
  if (result.task === "object-detection")
    return [...result.detections, ...result.doubtful]
      .map(({ class: name, confidence }) => ({ name, share: confidence }))
      .toSorted((a, b) => b.share - a.share);
  const ranked = result.task === "text-classification" ? result.scores : result.probabilities;
  return ranked.map(({ class: name, probability }) => ({ name, share: probability }));
}
