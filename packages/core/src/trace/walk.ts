// Traces a record both ways: what it was made of, and what it led to.
import { SluiceError, toSluiceError } from "../error/error.ts";
import { mapConcurrently } from "../util/map-concurrently.ts";
import { eventsOfLink } from "./events.ts";
import { findNodes } from "./find.ts";
import type { Node, Step, Traced } from "./node.ts";
import { readNode } from "./nodes.ts";
import { kinds, type Found, type Trace } from "./trace.ts";

const MAX_LINKS = 60;
const CONCURRENCY = 8;

export async function trace(id: string, now: number): Promise<Trace> {
  if (id.trim() === "") throw new SluiceError("INPUT_INVALID", "id: must not be empty.");
  const walk = new Walk(now);
  await walk.from(await findNodes(id.trim(), now));
  const links = walk.links.toSorted(
    (a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || (a.at < b.at ? -1 : 1),
  );
  return {
    asked: id,
    links: await mapConcurrently(CONCURRENCY, links, async ({ subject, ...link }) => ({
      ...link,
      events: await eventsOfLink(subject ?? link.id, link, now),
    })),
    gaps: [...walk.gaps],
  };
}

type Direction = "up" | "down";
const both = ["up", "down"] as const;

interface Visit {
  node: Node;
  directions: readonly Direction[];
}

const keyOf = ({ kind, id }: { kind: string; id: string }) => `${kind} ${id}`;
/** A label may be of a prediction by an older version, and a decision of a report on it: that version's past is its trace. */
const endsPast = ({ kind }: Node) => kind === "prediction" || kind === "report";
/** These are about a record. A trace of one is the trace of that record, both ways. */
const isAbout = ({ kind }: Node) => kind === "report" || kind === "decision" || kind === "alert";

/** Nearest records first, so that a limit leaves out the farthest. */
class Walk {
  readonly gaps = new Set<string>();
  private readonly found = new Map<string, Found>();
  /** The ids that lead to a link, first the nearest. */
  private readonly parents = new Map<string, string[]>();
  private readonly now: number;

  constructor(now: number) {
    this.now = now;
  }

  get links(): Found[] {
    const ids = new Set([...this.found.values()].map(({ id }) => id));
    return [...this.found].map(([key, link]) => ({
      ...link,
      from: this.parents.get(key)?.find((id) => ids.has(id)),
    }));
  }

  async from(starts: Node[]): Promise<void> {
    const visits: Visit[] = starts.map((node) => ({ node, directions: both }));
    // The array grows while it is read.
    for (const [index, { node, directions }] of visits.entries()) {
      if (this.found.has(keyOf(node))) continue;
      if (this.found.size === MAX_LINKS) {
        this.gaps.add(`Only the nearest ${MAX_LINKS} records are shown.`);
        return;
      }
      const traced = await this.read(node);
      if (!traced) continue;
      this.found.set(keyOf(node), traced.link);
      if (node.from !== undefined) this.addParent(node, node.from);
      if (node.last || node.beside) continue;
      const isStart = index < starts.length;
      for (const direction of directions)
        for (const step of (await traced[direction]?.()) ?? []) {
          const next = this.addStep(node, step, direction);
          if (!next) continue;
          const last = !isStart && direction === "up" && endsPast(node);
          visits.push({
            node: last ? { ...next, last } : next,
            directions: isStart && isAbout(node) ? both : [direction],
          });
        }
    }
  }

  /** A record that was deleted, or never existed, is a gap. */
  private async read(node: Node): Promise<Traced | undefined> {
    try {
      return await readNode(node, this.now);
    } catch (error) {
      const { category, message } = toSluiceError(error);
      if (category !== "missing") throw error;
      this.gaps.add(`${node.kind}: ${message}`);
      return undefined;
    }
  }

  /** Undefined for a gap. */
  private addStep(node: Node, step: Step, direction: Direction): Node | undefined {
    if (typeof step === "string") {
      this.gaps.add(step);
      return undefined;
    }
    if (step.beside) return step;
    if (direction === "up") this.addParent(node, step.id);
    else this.addParent(step, node.id);
    return step;
  }

  private addParent(child: Node, parent: string): void {
    const key = keyOf(child);
    this.parents.set(key, [...(this.parents.get(key) ?? []), parent]);
  }
}
