// Lists: pages of the API, printed as a table, or as JSON of the same shape as the API's.
import type { Command } from "commander";
import { type Column, print, printJson, printNote, printTable } from "../terminal/output.ts";
import type { CommonOptions } from "./options.ts";

export interface Page<T> {
  items: T[];
  /** Continues the list. Absent at its end. */
  cursor?: string;
}

export interface ListOptions extends CommonOptions {
  limit: string;
  cursor?: string;
}

export const withListOptions = (command: Command, what: string, limit = 20): Command =>
  command
    .option("--limit <n>", `number of ${what}`, String(limit))
    .option("--cursor <cursor>", "start after the page whose --json output contains this cursor");

/** Reads pages of a list until it has `limit` items or the list ends. */
export async function readPages<T>(
  { limit, cursor: first }: Pick<ListOptions, "limit" | "cursor">,
  pageSize: number,
  readPage: (query: { limit: string; cursor?: string }) => Promise<Page<T>>,
): Promise<Page<T>> {
  const wanted = Number(limit);
  const items: T[] = [];
  let cursor = first;
  do {
    const page = await readPage({ limit: String(Math.min(pageSize, wanted - items.length)), cursor });
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined && items.length < wanted);
  return { items, cursor };
}

interface Listing<T> {
  /** Printed instead of a table without rows. */
  empty?: string;
  columns: Column<T>[];
}

export function printList<T>({ items, cursor }: Page<T>, json: boolean | undefined, shown: Listing<T>) {
  if (json) return printJson({ items, cursor });
  if (items.length === 0 && shown.empty !== undefined) return print(shown.empty);
  printTable(items, shown.columns);
  if (cursor !== undefined) printNote("There are more. Increase --limit to see them.");
}
