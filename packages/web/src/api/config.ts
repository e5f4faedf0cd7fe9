// The addresses of the API and of the live updates, from the config.json that is published with the page.
import type { SiteConfig } from "../site/files.ts";

let config: SiteConfig | undefined;

export async function loadConfig(): Promise<void> {
  const response = await fetch("./config.json", { cache: "no-cache" });
  if (!response.ok) throw new Error(`config.json returned HTTP ${response.status}.`);
  const { api, live } = (await response.json()) as SiteConfig;
  config = { api: api.replace(/\/+$/, ""), live };
}

export function site(): SiteConfig {
  if (!config) throw new Error("config.json is not loaded yet.");
  return config;
}
