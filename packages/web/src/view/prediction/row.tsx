import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { Bar } from "../../component/bar.tsx";
import { Status } from "../../component/status.tsx";
import { Thumbnail } from "../../component/prediction/thumbnail.tsx";
import { Time } from "../../component/time.tsx";
import { fileName } from "../../format/file.ts";
import { formatPercent } from "../../format/number.ts";
import { formatDuration } from "../../format/time.ts";
import { pathTo } from "../../route/path.ts";
import { formatSummary } from "../../component/prediction/summary.ts";

export function PredictionRow({ prediction, index }: { prediction: Prediction; index: number }) {
  const { id, model, status, source, summary, timings, error } = prediction;
  const failed = error !== undefined && summary === undefined;
  return (
    <div class="line" role="row" aria-rowindex={index + 1} data-id={id}>
      <span role="cell" class="status-cell">
        <Status of={status} title={error?.message} />
      </span>
      <span role="cell" class="file-cell">
        <Thumbnail prediction={prediction} />
        {/* This link covers the whole row. */}
        <a
          class="open"
          href={pathTo("prediction", id)}
          title={source.key}
          onKeyDown={(event) => moveFocus(event)}
        >
          {fileName(source.key)}
        </a>
      </span>
      <span role="cell" class={`result-cell ${failed ? "code" : ""}`} title={error?.hint}>
        {formatSummary(prediction)}
      </span>
      <span role="cell" class="confidence-cell">
        {summary?.confidence !== undefined && (
          <>
            <Bar share={summary.confidence} threshold={summary.threshold} />
            <span class="number">{formatPercent(summary.confidence)}</span>
          </>
        )}
      </span>
      <span role="cell" class="model-cell faint">
        {model}
      </span>
      <span role="cell" class="duration-cell number">
        {timings?.totalMs === undefined ? "" : formatDuration(timings.totalMs)}
      </span>
      <span role="cell" class="when-cell number">
        <Time at={prediction.uploadedAt ?? prediction.createdAt} />
      </span>
    </div>
  );
}

/** Arrow keys, or j and k, move the focus between rows. */
function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }) {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const line = event.currentTarget.closest(".line");
  const next = step > 0 ? line?.nextElementSibling : line?.previousElementSibling;
  next?.querySelector<HTMLElement>("a.open")?.focus();
}
