import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { Bar } from "../../component/bar.tsx";
import { Status } from "../../component/status.tsx";
import { Thumb } from "../../component/thumb.tsx";
import { Time } from "../../component/time.tsx";
import { fileName } from "../../format/file.ts";
import { percent } from "../../format/number.ts";
import { duration } from "../../format/time.ts";
import { to } from "../../route/route.ts";
import { findingOf } from "./finding.ts";

export function PredictionRow({ prediction, index }: { prediction: Prediction; index: number }) {
  const { id, model, status, source, summary, timings, error } = prediction;
  const failed = error !== undefined && summary === undefined;
  return (
    <div class="line" role="row" aria-rowindex={index + 1} data-id={id}>
      <span role="cell" class="status-cell">
        <Status of={status} title={error?.message} />
      </span>
      <span role="cell" class="file-cell">
        <Thumb prediction={prediction} />
        {/* The whole row opens it: this link lies over all of it. */}
        <a class="open" href={to("prediction", id)} title={source.key} onKeyDown={(event) => move(event)}>
          {fileName(source.key)}
        </a>
      </span>
      <span role="cell" class={`finding-cell ${failed ? "code" : ""}`} title={error?.hint}>
        {findingOf(prediction)}
      </span>
      <span role="cell" class="confidence-cell">
        {summary?.confidence !== undefined && (
          <>
            <Bar share={summary.confidence} threshold={summary.threshold} />
            <span class="number">{percent(summary.confidence)}</span>
          </>
        )}
      </span>
      <span role="cell" class="model-cell faint">
        {model}
      </span>
      <span role="cell" class="took-cell number">
        {timings?.totalMs === undefined ? "" : duration(timings.totalMs)}
      </span>
      <span role="cell" class="when-cell number">
        <Time at={prediction.uploadedAt ?? prediction.createdAt} />
      </span>
    </div>
  );
}

/** Arrows, or j and k, go from row to row; the browser itself opens a link on Enter and goes back. */
function move(event: KeyboardEvent & { currentTarget: HTMLElement }) {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const line = event.currentTarget.closest(".line");
  const next = step > 0 ? line?.nextElementSibling : line?.previousElementSibling;
  next?.querySelector<HTMLElement>("a.open")?.focus();
}
