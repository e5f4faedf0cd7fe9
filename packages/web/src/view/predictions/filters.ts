// What the list is narrowed to: kept in the address, asked of the API, and held against what arrives live.
import type { Prediction, Status } from "@sluice/core/prediction/prediction.ts";

export interface Filters {
  model?: string;
  status?: Status;
  class?: string;
  /** 0 to 1. */
  minConfidence?: number;
  maxConfidence?: number;
  /** ISO instants. */
  from?: string;
  to?: string;
}

export const STATUSES = [
  "pending",
  "processing",
  "completed",
  "rejected",
  "failed",
] as const satisfies readonly Status[];

/** What an address may hold, whoever wrote it: what makes no sense is left out. */
export function readFilters(query: URLSearchParams): Filters {
  const text = (name: string) => query.get(name) || undefined;
  const share = (name: string) => {
    const value = Number.parseFloat(query.get(name) ?? "");
    return value >= 0 && value <= 1 ? value : undefined;
  };
  const instant = (name: string) => {
    const at = Date.parse(query.get(name) ?? "");
    return Number.isNaN(at) ? undefined : new Date(at).toISOString();
  };
  const all: { [Name in keyof Filters]: Filters[Name] | undefined } = {
    model: text("model"),
    status: STATUSES.find((status) => status === query.get("status")),
    class: text("class"),
    minConfidence: share("min"),
    maxConfidence: share("max"),
    from: instant("from"),
    to: instant("to"),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** The same as names and values of the address; every name is there, so that a filter can be taken away. */
export const addressOf = (filters: Filters) => ({
  model: filters.model,
  status: filters.status,
  class: filters.class,
  min: filters.minConfidence,
  max: filters.maxConfidence,
  from: filters.from,
  to: filters.to,
});

export function matches(filters: Filters, { model, status, summary, createdAt }: Prediction): boolean {
  const confidence = summary?.confidence;
  return (
    (filters.model === undefined || model === filters.model) &&
    (filters.status === undefined || status === filters.status) &&
    (filters.class === undefined || summary?.class === filters.class) &&
    (filters.minConfidence === undefined || (confidence ?? -1) >= filters.minConfidence) &&
    (filters.maxConfidence === undefined || (confidence ?? 2) <= filters.maxConfidence) &&
    (filters.from === undefined || createdAt >= filters.from) &&
    (filters.to === undefined || createdAt < filters.to)
  );
}
