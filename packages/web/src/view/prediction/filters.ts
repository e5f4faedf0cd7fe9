// The filters of the list: stored in the address, sent to the API, and applied to live updates.
import type { Prediction, Status } from "@sluice/core/prediction/prediction.ts";

export interface Filters {
  model?: string;
  status?: Status;
  class?: string;
  /** 0 to 1. */
  minConfidence?: number;
  maxConfidence?: number;
  /** ISO timestamps. */
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

/** Ignores invalid values in the address. */
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

/** The query parameters of the address. All names are present, so that undefined removes a filter. */
export const toQuery = (filters: Filters) => ({
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
