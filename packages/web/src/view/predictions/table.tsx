// The list itself: rows as they are loaded and as they change, moved through by mouse or keys.
import { useCallback, useEffect, useRef } from "preact/hooks";
import type { Model } from "../../api/models.ts";
import { Empty, ErrorNote, Loading } from "../../component/note.tsx";
import { VirtualList } from "../../component/virtual-list.tsx";
import { media } from "../../component/media.ts";
import { count } from "../../format/number.ts";
import { to } from "../../route/route.ts";
import type { Feed } from "./feed.ts";
import type { Filters } from "./filters.ts";
import { PredictionRow } from "./row.tsx";

const ROW = 44;
const TALL_ROW = 64;
const narrow = media("(max-width: 720px)");

interface TableProps {
  feed: Feed;
  filters: Filters;
  models: Model[];
}

export function PredictionTable({ feed, filters, models }: TableProps) {
  const viewport = useRef<HTMLDivElement>(null);
  useEffect(() => void feed.more(), [feed]);
  const remember = useCallback((top: number) => (feed.scrollTop = top), [feed]);
  const rowHeight = narrow.value ? TALL_ROW : ROW;
  const items = feed.items.value;
  useStay(viewport, items, rowHeight);

  const filtered = Object.keys(filters).some((name) => name !== "model");
  if (items.length === 0) {
    if (feed.error.value) return <ErrorNote error={feed.error.value} retry={() => void feed.more()} />;
    if (!feed.ended.value && feed.loading.value) return <Loading what="predictions" />;
    if (filtered || !feed.ended.value)
      return (
        <Empty title="Nothing matches these filters">
          <a href={to()}>Show all predictions</a>
        </Empty>
      );
    const model =
      filters.model ??
      models.find(({ endpoint }) => endpoint.status === "InService")?.name ??
      models[0]!.name;
    return (
      <Empty title="No predictions yet" command={`npx sluice upload <files> --model ${model}`}>
        Drop files onto a model above, or send them from a terminal. They appear here as they are predicted.
      </Empty>
    );
  }
  return (
    <>
      <div
        class="table"
        role="table"
        aria-label="Predictions"
        aria-rowcount={feed.ended.value ? items.length : -1}
      >
        <div class="head" role="rowgroup">
          <div class="line" role="row">
            {["Status", "File", "Finding", "Confidence", "Model", "Took", "Uploaded"].map((title) => (
              <span key={title} role="columnheader">
                {title}
              </span>
            ))}
          </div>
        </div>
        <VirtualList
          viewport={viewport}
          role="rowgroup"
          count={items.length}
          rowHeight={rowHeight}
          startAt={feed.scrollTop}
          onScroll={remember}
          onEnd={() => void feed.more()}
          row={(index) => {
            const prediction = items[index]!;
            return <PredictionRow key={prediction.id} prediction={prediction} index={index} />;
          }}
        />
      </div>
      <p class="under" role="status">
        {feed.error.value
          ? `${feed.error.value.message} ${feed.error.value.hint}`
          : `${count(items.length)} ${feed.ended.value ? "in all" : "loaded, more below"}`}
      </p>
    </>
  );
}

/** Rows that come in on top push nothing away under the reader's eyes, unless the top itself is what is read. */
function useStay(
  viewport: { current: HTMLDivElement | null },
  items: readonly { id: string }[],
  rowHeight: number,
) {
  const first = useRef(items[0]?.id);
  useEffect(() => {
    const box = viewport.current;
    const before = first.current;
    first.current = items[0]?.id;
    if (!box || box.scrollTop < rowHeight || before === undefined) return;
    const added = items.findIndex(({ id }) => id === before);
    if (added > 0) box.scrollTop += added * rowHeight;
  }, [items]);
}
