// A list that renders only the visible rows. All rows have the same height.
import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Rows rendered beyond both edges, so that fast scrolling shows no gaps. */
const OVERSCAN = 10;

interface VirtualListProps {
  count: number;
  rowHeight: number;
  row: (index: number) => ComponentChildren;
  /** Called when the last rows become visible. */
  onEnd?: () => void;
  /** Restore and save the scroll position. */
  startAt?: number;
  onScroll?: (top: number) => void;
  viewport?: RefObject<HTMLDivElement | null>;
  /** For screen readers. */
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

  const first = Math.max(0, Math.floor(top / rowHeight) - OVERSCAN);
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + OVERSCAN);
  const nearEnd = last >= count - OVERSCAN;
  useLayoutEffect(() => {
    if (nearEnd) onEnd?.();
  }, [nearEnd, count, onEnd]);

  const onScrolled = () => {
    const { scrollTop } = viewport.current!;
    onScroll?.(scrollTop);
    // Rows within the overscan are rendered already.
    if (Math.abs(scrollTop - top) > (rowHeight * OVERSCAN) / 2 || scrollTop === 0) setTop(scrollTop);
  };

  const rows = [];
  for (let index = first; index < last; index++) rows.push(row(index));
  return (
    <div ref={viewport} class="virtual" role={role} aria-label={label} onScroll={onScrolled} tabIndex={-1}>
      <div class="whole" role="presentation" style={{ height: `${count * rowHeight}px` }}>
        <div class="rows" role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>
          {rows}
        </div>
      </div>
    </div>
  );
}
