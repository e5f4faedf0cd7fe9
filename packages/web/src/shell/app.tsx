import { useEffect } from "preact/hooks";
import { token } from "../api/session.ts";
import { Empty } from "../component/notes.tsx";
import { pathTo } from "../route/path.ts";
import { currentRoute } from "../route/route.ts";
import { useScrollPosition } from "./scroll-position.ts";
import { Sidebar } from "./sidebar.tsx";
import { TokenEntry } from "./token-entry.tsx";
import { sections, views } from "./views.tsx";

export function App() {
  const [name = "", ...rest] = currentRoute.value.path;
  const section = sections.find(({ views: names }) => names.includes(name))?.title;
  const title = [...rest.toReversed(), section, "Sluice"].filter(Boolean).join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
  const main = useScrollPosition([name, ...rest].join("/"));
  if (!token.value) return <TokenEntry />;
  const view = views[name];
  return (
    <div class="page">
      <Sidebar />
      <main id="main" tabIndex={-1} ref={main}>
        {view ? (
          view(rest)
        ) : (
          <Empty title="This page does not exist">
            <a href={pathTo()}>Show predictions</a>
          </Empty>
        )}
      </main>
    </div>
  );
}
