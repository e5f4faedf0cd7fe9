import type { Change, TrafficChange } from "./write.ts";

/** The state after a step. A step that waits for an event returns undefined. */
export interface Next {
  to: Change;
  traffic?: TrafficChange;
}

export const noCandidate = { candidate: null, responses: null, failures: null } as const;

export const failStep = (reason: string): Next => ({ to: { status: "failed", reason } });
