// Traces a record both ways: where it came from, and what it led to.
import { SluiceError } from "../error/error.ts";
import { listEvents, type EventRecord } from "../event/list.ts";
import { mapConcurrently } from "../util/map-concurrently.ts";
import { findStart } from "./find.ts";
import { firstSteps } from "./start.ts";
import type { Step } from "./step.ts";
import { kinds, type Found, type Trace } from "./trace.ts";

const MAX_LINKS = 60;
const EVENTS_PER_LINK = 50;
const CONCURRENCY = 8;

export async function trace(id: string, now: number): Promise<Trace> {
  if (id.trim() === "") throw new SluiceError("INPUT_INVALID", "id: must not be empty.");
  const { links, gaps } = await walk(await firstSteps(await findStart(id)));
  const shown = links
    .toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || (a.at < b.at ? -1 : 1))
    .slice(0, MAX_LINKS);
  const hidden = links.length - shown.length;
  return {
    asked: id,
    links: await mapConcurrently(CONCURRENCY, shown, async ({ subject, ...link }) => ({
      ...link,
      events: await eventsOfLink(subject ?? link.id, link, now),
    })),
    gaps: hidden > 0 ? [...gaps, `${hidden} more links are not shown.`] : gaps,
  };
}

async function walk(start: Step[]): Promise<{ links: Found[]; gaps: string[] }> {
  const links = new Map<string, Found>();
  const gaps: string[] = [];
  const steps = [...start];
  // The array grows while it is read.
  for (const { link, gap, next } of steps) {
    if (gap !== undefined) gaps.push(gap);
    if (link) {
      const key = `${link.kind} ${link.id}`;
      if (links.has(key)) continue;
      links.set(key, link);
    }
    if (next) steps.push(...(await next()));
  }
  return { links: [...links.values()], gaps };
}

/** Labels and predictions have no stored events. An endpoint's events include those of its deployments. */
async function eventsOfLink(
  subject: string,
  { kind, id, model }: Found,
  now: number,
): Promise<EventRecord[]> {
  if (kind === "label" || kind === "prediction" || subject === "") return [];
  const { items } = await listEvents({ subject, model, limit: EVENTS_PER_LINK }, now);
  const own = items.filter(({ type, detail }) => {
    const ofDeployment = type === "deployment.changed";
    return kind === "deployment" ? ofDeployment && detail["id"] === id : !ofDeployment;
  });
  return own.toReversed();
}
