// Where one can go, whether changes arrive, and how the page looks.
import type { ComponentChildren } from "preact";
import { leave } from "../api/session.ts";
import { liveState, type LiveState } from "../api/live.ts";
import { place, to } from "../route/route.ts";
import { theme, themes, type Theme } from "./theme.ts";
import { sections } from "./views.tsx";

const SAID: Record<LiveState, string> = {
  live: "Live: changes appear as they happen",
  connecting: "Connecting …",
  waiting: "Connection lost: trying again",
};

export function Sidebar() {
  const [here = ""] = place.value.path;
  return (
    <header class="sidebar">
      <a class="brand" href={to()}>
        <Gate />
        Sluice
      </a>
      <nav aria-label="Sections">
        {sections.map(({ title, path, heads }) => (
          <a key={title} href={path} aria-current={heads.includes(here) ? "page" : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <div class="foot">
        <span class={`live ${liveState.value}`} role="status">
          {SAID[liveState.value]}
        </span>
        <label>
          <span class="hidden">Theme</span>
          <select
            value={theme.value}
            onChange={(event) => (theme.value = event.currentTarget.value as Theme)}
            aria-label="Theme"
          >
            {themes.map((name) => (
              <option key={name} value={name}>
                {name === "system" ? "System theme" : name === "light" ? "Light" : "Dark"}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="quiet" onClick={() => leave()}>
          Forget token
        </button>
      </div>
    </header>
  );
}

const Gate = (): ComponentChildren => (
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
