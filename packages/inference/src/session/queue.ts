// Requests wait here for a lane. Those that wait together may run together; one that comes alone never waits for company,
// and one whose caller has gone before its turn is never run.
import type { Said } from "../output/said.ts";
import type { Feeds } from "./feeds.ts";
import type { Times } from "./place.ts";

export interface Answered {
  said: Said;
  times: Times;
}

/** What was said of each of the requests that ran together, and what all of them took. */
export interface Ran {
  said: Said[];
  times: Times;
}

export interface Lane {
  /** How many groups may lie with it: the one it runs, and those it goes on with. */
  room: number;
  run(group: Feeds[]): Promise<Ran>;
}

interface Waiting {
  feeds: Feeds;
  signal: AbortSignal | undefined;
  resolve(answered: Answered): void;
  reject(error: unknown): void;
}

/** `maxBatch` above 1 needs a model whose feeds and output have the batch as their first dimension. */
export function queue(lanes: Lane[], maxBatch: number) {
  const waiting: Waiting[] = [];
  /** Whoever was given something last stands last: of lanes with as much to do, the first is done soonest. */
  const order = lanes.map((lane) => ({ lane, groups: 0 }));

  function start() {
    for (;;) {
      const next = order.reduce((least, one) => (one.groups < least.groups ? one : least));
      if (next.groups === next.lane.room) return;
      // Beside a group at work only a whole one is laid ready: fewer go on gathering.
      if (next.groups > 0 && waiting.length < maxBatch) return;
      const group = takeAlike(waiting, maxBatch);
      if (group.length === 0) return;
      order.push(...order.splice(order.indexOf(next), 1));
      next.groups++;
      void work(next.lane, group).then(() => {
        next.groups--;
        start();
      });
    }
  }

  return (feeds: Feeds, signal?: AbortSignal) =>
    new Promise<Answered>((resolve, reject) => {
      waiting.push({ feeds, signal, resolve, reject });
      start();
    });
}

async function work(lane: Lane, group: Waiting[]) {
  try {
    const { said, times } = await lane.run(group.map(({ feeds }) => feeds));
    for (const [index, one] of group.entries()) one.resolve({ said: said[index]!, times });
  } catch (error) {
    if (group.length === 1) group[0]!.reject(error);
    // One bad member must not fail its neighbours: each is tried by itself.
    else for (const one of group) await work(lane, [one]);
  }
}

function takeAlike(waiting: Waiting[], most: number): Waiting[] {
  while (waiting[0]?.signal?.aborted) {
    const gone = waiting.shift()!;
    gone.reject(gone.signal!.reason);
  }
  const [first] = waiting;
  if (!first) return [];
  if (most === 1) return waiting.splice(0, 1);
  const shape = shapeOf(first);
  let end = 1;
  while (
    end < waiting.length &&
    end < most &&
    !waiting[end]!.signal?.aborted &&
    shapeOf(waiting[end]!) === shape
  )
    end++;
  return waiting.splice(0, end);
}

/** All pictures become tensors of one shape. */
const shapeOf = ({ feeds }: Waiting) =>
  Object.values(feeds)
    .map((feed) => ("dims" in feed ? feed.dims.slice(1).join("x") : "picture"))
    .join();
