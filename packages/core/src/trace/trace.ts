// From a picture to the endpoint that learned from it, or back: what came of what, with everything that happened to it.
import * as z from "zod";
import { Happening } from "../event/list.ts";

export const kinds = [
  "label",
  "import",
  "dataset",
  "run",
  "version",
  "deployment",
  "endpoint",
  "prediction",
  "review",
] as const;

export const Link = z.object({
  kind: z.enum(kinds),
  id: z.string(),
  model: z.string(),
  /** What it came of, where that is part of the trace. */
  from: z.string().optional(),
  status: z.string().optional(),
  /** In a few words. */
  what: z.string(),
  at: z.string(),
  events: z.array(Happening),
});
export type Link = z.output<typeof Link>;

export const Trace = z.object({
  asked: z.string(),
  /** In the order of the river: labels first, endpoints and predictions last. */
  links: z.array(Link),
  /** What could not be looked at, and why. */
  gaps: z.array(z.string()),
});
export type Trace = z.output<typeof Trace>;

/** A link before its events are read. */
export interface Found extends Omit<Link, "events"> {
  /** What its events are filed under, where that is not its id. */
  subject?: string;
}
