// The text and the JSON document of what exists.
import { formatDollars } from "../cost/dollars.ts";
import { paint, print, sanitize } from "../terminal/output.ts";
import type { Inventory } from "./inventory.ts";
import type { TeardownFailure } from "./errors.ts";
import type { Leftover } from "./kind.ts";

/** Names of a kind that the text shows. The JSON document has all. */
const SHOWN = 10;

export const inventoryJson = ({ groups, count }: Inventory) => ({
  count,
  dollarsPerMonth: sum(
    groups.flatMap(({ items }) => items),
    "month",
  ),
  dollarsPerHourOfJobs: sum(
    groups.flatMap(({ items }) => items),
    "hour",
  ),
  groups: groups
    .filter(({ items }) => items.length > 0)
    .map(({ kind: { service, title }, items }) => ({ service, kind: title, count: items.length, items })),
});

export function showInventory({ groups }: Inventory): void {
  let service = "";
  for (const { kind, items } of groups.toSorted((a, b) => (a.kind.service < b.kind.service ? -1 : 1))) {
    if (items.length === 0) continue;
    if (kind.service !== service) print(paint("bold", kind.service));
    service = kind.service;
    print(`  ${items.length} ${kind.title}${costText(items)}`);
    for (const item of items.slice(0, SHOWN))
      print(
        paint(
          "dim",
          `    ${sanitize([item.name, item.status, item.cost?.formula].filter(Boolean).join("  "))}`,
        ),
      );
    if (items.length > SHOWN) print(paint("dim", `    and ${items.length - SHOWN} more; --json lists all`));
  }
}

export function showFailures(failures: TeardownFailure[]): void {
  for (const { kind, name, reason, fix } of failures) {
    print(`${paint("red", "✗")} ${kind}${name === undefined ? " cannot be listed" : ` ${sanitize(name)}`}`);
    print(`  ${sanitize(reason)}`);
    print(paint("dim", `  ${fix}`));
  }
}

function costText(items: Leftover[]): string {
  const [month, hour] = [sum(items, "month"), sum(items, "hour")];
  return [
    month > 0 ? `  ${formatDollars(month)} a month` : "",
    hour > 0 ? `  ${formatDollars(hour)} an hour while they run` : "",
  ].join("");
}

const sum = (items: Leftover[], per: "month" | "hour") =>
  items.reduce((total, { cost }) => total + (cost?.per === per ? cost.dollars : 0), 0);
