// What a step answers: where to go on, or nothing while an event is waited for.
import type { Change, TrafficChange } from "./write.ts";

export interface Next {
  to: Change;
  traffic?: TrafficChange;
}

export const noCandidate = { candidate: null, answers: null, failures: null } as const;

export const failed = (reason: string): Next => ({ to: { status: "failed", reason } });
