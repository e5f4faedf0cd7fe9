// What the job prints, as it prints it; kept at its end unless one scrolls up to read.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { api, body } from "../../api/client.ts";
import { type ApiError, asApiError } from "../../api/problem.ts";
import { ErrorNote } from "../../component/note.tsx";
import { Panel } from "../../component/panel.tsx";
import { clock } from "../../format/time.ts";

const POLL_MS = 1_500;
/** Older lines go: a log may be endless. */
const MOST_LINES = 5_000;

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
        const page = await body(
          api().training[":name"].logs.$get({
            param: { name },
            query: { limit: "500", ...(cursor && { cursor }) },
          }),
        );
        if (ended) return;
        cursor = page.cursor;
        setError(undefined);
        if (page.items.length > 0) setLines((old) => [...old, ...page.items].slice(-MOST_LINES));
        if (page.over && page.items.length === 0) return setOver(true);
      } catch (thrown) {
        if (!ended) setError(asApiError(thrown));
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
  const scrolled = () => {
    const { scrollTop, clientHeight, scrollHeight } = box.current!;
    following.current = scrollTop + clientHeight > scrollHeight - 24;
  };
  return (
    <Panel title="Log" aside={over ? "to its end" : "follows"}>
      {error && <ErrorNote error={error} />}
      <pre ref={box} class="log" tabIndex={0} aria-label="Log" onScroll={scrolled}>
        {lines.length === 0 && <span class="faint">Nothing was printed{!over && " yet"}.</span>}
        {lines.map(({ at, line }, index) => (
          <span key={index}>
            <time dateTime={at}>{clock(at)}</time> {line}
            {"\n"}
          </span>
        ))}
      </pre>
    </Panel>
  );
}
