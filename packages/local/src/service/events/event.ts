// An event's envelope, in the order in which EventBridge writes it.
import { randomUUID } from "node:crypto";
import type { CloudContext } from "../../kernel/service.ts";

export interface Event {
  version: string;
  id: string;
  "detail-type": string;
  source: string;
  account: string;
  /** Second precision. */
  time: string;
  region: string;
  resources: string[];
  detail: unknown;
}

export const isoSeconds = (ms: number) => new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");

export function newEvent(
  cloud: CloudContext,
  about: Pick<Event, "source" | "detail-type" | "resources" | "detail"> & { at: number },
): Event {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": about["detail-type"],
    source: about.source,
    account: cloud.account,
    time: isoSeconds(about.at),
    region: cloud.region,
    resources: about.resources,
    detail: about.detail,
  };
}
