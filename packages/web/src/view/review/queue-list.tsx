import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { useEffect, useRef } from "preact/hooks";
import { Bar } from "../../component/bar.tsx";
import { Thumbnail } from "../../component/prediction/thumbnail.tsx";
import { fileName } from "../../format/file.ts";
import { formatPercent } from "../../format/number.ts";
import { formatSummary } from "../../component/prediction/summary.ts";

interface QueueListProps {
  items: readonly Prediction[];
  current: Prediction;
  choose: (prediction: Prediction) => void;
}

export function QueueList({ items, current, choose }: QueueListProps) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current.id]);
  return (
    <ol class="waiting" aria-label="Open reviews" ref={list}>
      {items.map((prediction) => {
        const { id, source, model, summary } = prediction;
        return (
          <li key={id}>
            <button
              type="button"
              aria-current={id === current.id ? "true" : undefined}
              title={`${model}: ${source.key}`}
              onClick={() => choose(prediction)}
            >
              <Thumbnail prediction={prediction} />
              <span class="name">{fileName(source.key)}</span>
              <span class="faint">{formatSummary(prediction)}</span>
              {summary?.confidence !== undefined && (
                <span class="confidence">
                  <Bar share={summary.confidence} threshold={summary.threshold} />
                  <span class="number">{formatPercent(summary.confidence)}</span>
                </span>
              )}
            </button>
          </li>
        );
      })}
    </ol>
  );
}
