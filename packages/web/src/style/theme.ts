import { effect, signal } from "@preact/signals";

const KEY = "sluice.theme";
export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const stored = localStorage.getItem(KEY) as Theme | null;
export const theme = signal<Theme>(stored && themes.includes(stored) ? stored : "system");

effect(() => {
  localStorage.setItem(KEY, theme.value);
  document.documentElement.dataset["theme"] = theme.value;
});

const system = matchMedia("(prefers-color-scheme: dark)");
const systemDark = signal(system.matches);
system.addEventListener("change", () => (systemDark.value = system.matches));

/** For canvas drawings, which CSS does not style. */
export const isDark = () => (theme.value === "system" ? systemDark.value : theme.value === "dark");
