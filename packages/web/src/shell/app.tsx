import { token } from "../api/session.ts";
import { Empty } from "../component/note.tsx";
import { place, to } from "../route/route.ts";
import { Sidebar } from "./sidebar.tsx";
import { TokenEntry } from "./token-entry.tsx";
import { views } from "./views.tsx";

export function App() {
  if (!token.value) return <TokenEntry />;
  const [head = "", ...rest] = place.value.path;
  const view = views[head];
  return (
    <div class="page">
      <Sidebar />
      <main id="main" tabIndex={-1}>
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
