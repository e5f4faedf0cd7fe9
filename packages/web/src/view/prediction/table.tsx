import { useCallback, useEffect, useRef } from "preact/hooks";
import type { Model } from "../../api/models.ts";
import { Empty, ErrorNote, Loading } from "../../component/notes.tsx";
import { VirtualList } from "../../component/virtual-list.tsx";
import { matchMediaSignal } from "../../component/media-query.ts";
import { formatCount } from "../../format/number.ts";
import { pathTo } from "../../route/path.ts";
import type { Feed } from "./feed.ts";
import type { Filters } from "./filters.ts";
import { PredictionRow } from "./row.tsx";

const ROW = 44;
const NARROW_ROW = 64;
const isNarrow = matchMediaSignal("(max-width: 720px)");

interface TableProps {
  feed: Feed;
  filters: Filters;
  models: Model[];
}

export function PredictionTable({ feed, filters, models }: TableProps) {
  const viewport = useRef<HTMLDivElement>(null);
  useEffect(() => void feed.loadMore(), [feed]);
  const saveScroll = useCallback((top: number) => (feed.scrollTop = top), [feed]);
  const rowHeight = isNarrow.value ? NARROW_ROW : ROW;
  const items = feed.items.value;
  useStablePosition(viewport, items, rowHeight);

  const filtered = Object.keys(filters).some((name) => name !== "model");
  if (items.length === 0) {
    if (feed.error.value) return <ErrorNote error={feed.error.value} retry={() => void feed.loadMore()} />;
    if (!feed.ended.value && feed.loading.value) return <Loading what="predictions" />;
    if (filtered || !feed.ended.value)
      return (
        <Empty title="No predictions match the filters">
          <a href={pathTo()}>Show all predictions</a>
        </Empty>
      );
    const model =
      filters.model ??
      models.find(({ endpoint }) => endpoint.status === "InService")?.name ??
      models[0]!.name;
    return (
      <Empty title="No predictions" command={`npx sluice upload <files> --model ${model}`}>
        Drop files onto a model above, or upload them from a terminal. Predictions appear here automatically.
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
            {["Status", "File", "Result", "Confidence", "Model", "Duration", "Uploaded"].map((title) => (
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
          onScroll={saveScroll}
          onEnd={() => void feed.loadMore()}
          row={(index) => {
            const prediction = items[index]!;
            return <PredictionRow key={prediction.id} prediction={prediction} index={index} />;
          }}
        />
      </div>
      <p class="under" role="status">
        {feed.error.value
          ? `${feed.error.value.message} ${feed.error.value.hint}`
          : `${formatCount(items.length)} ${feed.ended.value ? "in total" : "loaded, scroll for more"}`}
      </p>
    </>
  );
}

/** Keeps the visible rows in place when rows are added on top, unless the list is at its top. */
function useStablePosition(
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
