import { useEffect } from "preact/hooks";
import { token } from "../api/session.ts";
import { Empty } from "../component/note.tsx";
import { place, to } from "../route/route.ts";
import { useReadingPlace } from "./reading-place.ts";
import { Sidebar } from "./sidebar.tsx";
import { TokenEntry } from "./token-entry.tsx";
import { sections, views } from "./views.tsx";

export function App() {
  const [head = "", ...rest] = place.value.path;
  const section = sections.find(({ heads }) => heads.includes(head))?.title;
  const title = [...rest.toReversed(), section, "Sluice"].filter(Boolean).join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
  const main = useReadingPlace([head, ...rest].join("/"));
  if (!token.value) return <TokenEntry />;
  const view = views[head];
  return (
    <div class="page">
      <Sidebar />
      <main id="main" tabIndex={-1} ref={main}>
        {view ? (
          view(rest)
        ) : (
          <Empty title="There is no such place here">
            <a href={to()}>To the predictions</a>
          </Empty>
        )}
      </main>
    </div>
  );
}
