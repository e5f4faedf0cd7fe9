// The state file of a local cloud, by which commands find it.
import { writeFileSync } from "node:fs";
import path from "node:path";

export interface LocalState {
  endpoint: string;
  environment: Record<string, string>;
  app: string;
  stage: string;
  api?: string;
  live?: string;
  token?: string;
  buckets?: { uploads: string; results: string; artifacts: string };
}

export function writeLocalState(dir: string, { endpoint, ...state }: LocalState): void {
  const defaults = {
    pid: process.pid,
    endpoint,
    api: `${endpoint}/api`,
    live: `${endpoint}/live`,
    token: "token",
    buckets: { uploads: "uploads", results: "results", artifacts: "artifacts" },
    page: { url: `${endpoint}/`, bucket: "page" },
  };
  writeFileSync(path.join(dir, "local.json"), JSON.stringify({ ...defaults, ...state }));
}
