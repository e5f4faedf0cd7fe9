// The queue beside the one that is looked at.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { useEffect, useRef } from "preact/hooks";
import { Bar } from "../../component/bar.tsx";
import { Thumb } from "../../component/thumb.tsx";
import { fileName } from "../../format/file.ts";
import { percent } from "../../format/number.ts";
import { findingOf } from "../predictions/finding.ts";

interface WaitingProps {
  items: readonly Prediction[];
  current: Prediction;
  choose: (prediction: Prediction) => void;
}

export function Waiting({ items, current, choose }: WaitingProps) {
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
              <Thumb prediction={prediction} />
              <span class="name">{fileName(source.key)}</span>
              <span class="faint">{findingOf(prediction)}</span>
              {summary?.confidence !== undefined && (
                <span class="sure">
                  <Bar share={summary.confidence} threshold={summary.threshold} />
                  <span class="number">{percent(summary.confidence)}</span>
                </span>
              )}
            </button>
          </li>
        );
      })}
    </ol>
  );
}
