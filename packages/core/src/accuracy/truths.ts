// Reads the true results of predictions.
import { getAll } from "../util/get-all.ts";
import { db } from "../db.ts";
import { mapConcurrently } from "../util/map-concurrently.ts";
import { weekOf } from "./accuracy.ts";
import type { TruthItem } from "./accuracy.entity.ts";

const IDS_PER_READ = 100;
const CONCURRENCY = 8;

/** By prediction. */
export async function readTruths(
  ids: readonly string[],
  consistent: boolean,
): Promise<Map<string, TruthItem>> {
  const found = new Map<string, TruthItem>();
  const parts = Array.from({ length: Math.ceil(ids.length / IDS_PER_READ) }, (_, at) =>
    ids.slice(at * IDS_PER_READ, (at + 1) * IDS_PER_READ),
  );
  await mapConcurrently(CONCURRENCY, parts, async (part) => {
    const items = await getAll(
      part.map((prediction) => ({ prediction })),
      (keys) => db().entities.truth.get(keys).go({ consistent }),
    );
    for (const item of items) found.set(item.prediction, item);
  });
  return found;
}

interface Period {
  model: string;
  from: string;
  to: string;
}

/** One query where the weeks of the period have no ground truth. */
export async function readTruthsOfPeriod({ model, from, to }: Period, ids: readonly string[]) {
  const { data } = await db()
    .entities.accuracyWeek.query.byModel({ model })
    .between({ week: weekOf(from) }, { week: weekOf(to) })
    .go({ pages: "all" });
  const hasAny = data.some(({ counts }) => (counts.sources["ground truth"] ?? 0) > 0);
  return hasAny ? readTruths(ids, false) : new Map<string, TruthItem>();
}
