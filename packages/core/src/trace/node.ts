import type { Found, Kind } from "./trace.ts";

/** A record that is known by its id, before it is read. */
export interface Node {
  kind: Kind;
  model: string;
  id: string;
  /** The id of the link before it, when that link does not lead here. */
  from?: string;
  /** Completes the description of its link. */
  note?: string;
  /** Its own neighbors are not followed. */
  last?: true;
  /** Neither are they, and it is no link before or after the record that leads here. */
  beside?: true;
}

/** A neighbor, or a gap as a sentence. */
export type Step = Node | string;

/** A record with what it is made of, and what it led to. */
export interface Traced {
  link: Found;
  up?: () => Promise<Step[]>;
  down?: () => Promise<Step[]>;
}

/** Of one kind, below one parent. */
export const MAX_CHILDREN = 100;
