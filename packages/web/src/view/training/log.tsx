// The log of a training job. It scrolls with new lines unless the person scrolls up.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { api, readBody } from "../../api/client.ts";
import { type ApiError, toApiError } from "../../api/problem.ts";
import { ErrorNote } from "../../component/notes.tsx";
import { Panel } from "../../component/panel.tsx";
import { formatClock } from "../../format/time.ts";

const POLL_MS = 1_500;
/** Older lines are dropped, because a log may be very long. */
const MAX_LINES = 5_000;

interface Line {
  at: string;
  line: string;
}

export function Log({ name }: { name: string }) {
  const [lines, setLines] = useState<Line[]>([]);
  const [error, setError] = useState<ApiError>();
  const [over, setOver] = useState(false);
  useEffect(() => {
    let ended = false;
    let cursor: string | undefined;
    let timer: ReturnType<typeof setTimeout>;
    const read = async () => {
      try {
        const page = await readBody(
          api().training[":name"].logs.$get({
            param: { name },
            query: { limit: "500", ...(cursor && { cursor }) },
          }),
        );
        if (ended) return;
        cursor = page.cursor;
        setError(undefined);
        if (page.items.length > 0) setLines((old) => [...old, ...page.items].slice(-MAX_LINES));
        if (page.over && page.items.length === 0) return setOver(true);
      } catch (thrown) {
        if (!ended) setError(toApiError(thrown));
      }
      if (!ended) timer = setTimeout(() => void read(), POLL_MS);
    };
    void read();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [name]);

  const box = useRef<HTMLPreElement>(null);
  const following = useRef(true);
  useLayoutEffect(() => {
    if (box.current && following.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  const onScroll = () => {
    const { scrollTop, clientHeight, scrollHeight } = box.current!;
    following.current = scrollTop + clientHeight > scrollHeight - 24;
  };
  return (
    <Panel title="Log" aside={over ? "complete" : "live"}>
      {error && <ErrorNote error={error} />}
      <pre ref={box} class="log" tabIndex={0} aria-label="Log" onScroll={onScroll}>
        {lines.length === 0 && <span class="faint">No lines{!over && " yet"}.</span>}
        {lines.map(({ at, line }, index) => (
          <span key={index}>
            <time dateTime={at}>{formatClock(at)}</time> {line}
            {"\n"}
          </span>
        ))}
      </pre>
    </Panel>
  );
}
