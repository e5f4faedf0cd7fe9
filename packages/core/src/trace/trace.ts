// The chain from a label to the endpoint that it trained, or back, with the events of each link.
import * as z from "zod";
import { EventRecord } from "../event/list.ts";

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
  "report",
  "decision",
  "alert",
] as const;
export type Kind = (typeof kinds)[number];

export const Link = z.object({
  kind: z.enum(kinds),
  id: z.string(),
  model: z.string(),
  /** The link before it, if that is part of the trace. */
  from: z.string().optional(),
  status: z.string().optional(),
  /** A short description. */
  what: z.string(),
  at: z.string(),
  events: z.array(EventRecord),
});
export type Link = z.output<typeof Link>;

export const Trace = z.object({
  asked: z.string(),
  /** By kind: labels first, alerts last. */
  links: z.array(Link),
  /** What is missing, and why. */
  gaps: z.array(z.string()),
});
export type Trace = z.output<typeof Trace>;

/** A link before its events and the link before it are known. */
export interface Found extends Omit<Link, "events"> {
  /** The subject of its events, if that is not its id. */
  subject?: string;
}
