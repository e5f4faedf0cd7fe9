import { explain, type TeardownFailure } from "./errors.ts";
import type { Kind, Leftover } from "./kind.ts";

export interface Inventory {
  /** In the order of removal; kinds without resources included. */
  groups: Array<{ kind: Kind; items: Leftover[] }>;
  count: number;
  /** Kinds that could not be listed. */
  failures: TeardownFailure[];
}

/** SageMaker's resources first: their tags name models that are no longer declared, whose alarms and logs follow. */
export async function takeInventory(kinds: Kind[]): Promise<Inventory> {
  const items = new Map<Kind, Leftover[]>();
  const failures: TeardownFailure[] = [];
  const list = async (kind: Kind) => {
    try {
      items.set(kind, await kind.list());
    } catch (error) {
      failures.push(explain(kind.title, undefined, error));
    }
  };
  const tagged = kinds.filter(({ service }) => service === "SageMaker");
  await Promise.all(tagged.map(list));
  await Promise.all(kinds.filter((kind) => !tagged.includes(kind)).map(list));
  const groups = kinds.map((kind) => ({ kind, items: items.get(kind) ?? [] }));
  return { groups, count: groups.reduce((sum, group) => sum + group.items.length, 0), failures };
}
