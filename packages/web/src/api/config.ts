// Where the API and the live updates are: written beside the page by whoever publishes it.
import type { SiteConfig } from "../site/files.ts";

let config: SiteConfig | undefined;

export async function loadConfig(): Promise<void> {
  const response = await fetch("./config.json", { cache: "no-cache" });
  if (!response.ok) throw new Error(`config.json answered ${response.status}.`);
  const { api, live } = (await response.json()) as SiteConfig;
  config = { api: bare(api), live: bare(live) };
}

export function site(): SiteConfig {
  if (!config) throw new Error("config.json is not loaded yet.");
  return config;
}

const bare = (url: string) => url.replace(/\/+$/, "");
