// Navigation, connection status and theme.
import type { ComponentChildren } from "preact";
import { signOut } from "../api/session.ts";
import { liveState, type LiveState } from "../api/live.ts";
import { Select } from "../component/select.tsx";
import { pathTo } from "../route/path.ts";
import { currentRoute } from "../route/route.ts";
import { theme, themes, type Theme } from "../style/theme.ts";
import { sections } from "./views.tsx";

const LIVE_TEXT: Record<LiveState, string> = {
  live: "Live",
  connecting: "Connecting …",
  waiting: "Connection lost, retrying …",
};

export function Sidebar() {
  const [view = ""] = currentRoute.value.path;
  return (
    <header class="sidebar">
      <a class="brand" href={pathTo()}>
        <Logo />
        Sluice
      </a>
      <nav aria-label="Sections">
        {sections.map(({ title, path, views }) => (
          <a key={title} href={path} aria-current={views.includes(view) ? "page" : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <div class="foot">
        <span class={`live ${liveState.value}`} role="status">
          {LIVE_TEXT[liveState.value]}
        </span>
        <label>
          <span class="hidden">Theme</span>
          <Select
            label="Theme"
            value={theme.value}
            options={themes}
            textOf={(name) => (name === "system" ? "System theme" : name === "light" ? "Light" : "Dark")}
            change={(name) => (theme.value = name as Theme)}
          />
        </label>
        <button type="button" class="quiet" onClick={() => signOut()}>
          Sign out
        </button>
      </div>
    </header>
  );
}

const Logo = (): ComponentChildren => (
  <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
    <path
      d="M4 2v16M16 2v16M4 7h12"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
    />
    <path
      d="M6 13c1.3-1.200 2.700-1.200 4 0s2.700 1.200 4 0"
      fill="none"
      stroke="currentColor"
      stroke-width="1.600"
      stroke-linecap="round"
    />
  </svg>
);
