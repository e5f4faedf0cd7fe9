// A long list of which only the rows in sight exist. All rows are of one height.
import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Rows kept beyond both edges, so that a quick scroll shows no gap. */
const BEYOND = 10;

interface VirtualListProps {
  count: number;
  rowHeight: number;
  row: (index: number) => ComponentChildren;
  /** Called when the last rows come in sight. */
  onEnd?: () => void;
  /** Where to begin, and what is told of every scroll: for coming back. */
  startAt?: number;
  onScroll?: (top: number) => void;
  viewport?: RefObject<HTMLDivElement | null>;
  /** What it is to a screen reader. */
  role?: "rowgroup" | "list";
  label?: string;
}

export function VirtualList(props: VirtualListProps) {
  const { count, rowHeight, row, onEnd, startAt = 0, onScroll, role = "list", label } = props;
  const own = useRef<HTMLDivElement>(null);
  const viewport = props.viewport ?? own;
  const [top, setTop] = useState(startAt);
  const [height, setHeight] = useState(600);

  useLayoutEffect(() => {
    const box = viewport.current!;
    box.scrollTop = startAt;
    const observer = new ResizeObserver(() => setHeight(box.clientHeight));
    observer.observe(box);
    return () => observer.disconnect();
  }, []);

  const first = Math.max(0, Math.floor(top / rowHeight) - BEYOND);
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + BEYOND);
  const nearEnd = last >= count - BEYOND;
  useLayoutEffect(() => {
    if (nearEnd) onEnd?.();
  }, [nearEnd, count, onEnd]);

  const scrolled = () => {
    const { scrollTop } = viewport.current!;
    onScroll?.(scrollTop);
    // Within the rows that exist already nothing has to be drawn.
    if (Math.abs(scrollTop - top) > (rowHeight * BEYOND) / 2 || scrollTop === 0) setTop(scrollTop);
  };

  const rows = [];
  for (let index = first; index < last; index++) rows.push(row(index));
  return (
    <div ref={viewport} class="virtual" role={role} aria-label={label} onScroll={scrolled} tabIndex={-1}>
      <div class="whole" role="presentation" style={{ height: `${count * rowHeight}px` }}>
        <div class="rows" role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>
          {rows}
        </div>
      </div>
    </div>
  );
}
