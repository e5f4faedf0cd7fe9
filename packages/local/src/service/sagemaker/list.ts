// Filters, order and pages of SageMaker's List operations.
import { invalid } from "./shape.ts";
import { LIST_PAGE, LIST_PAGE_MAX } from "./limits.ts";

interface Listed {
  name: string;
  created: number;
  modified?: number;
  status?: string;
}

export interface ListInput {
  SortBy?: string;
  SortOrder?: string;
  NextToken?: string;
  MaxResults?: number;
  NameContains?: string;
  StatusEquals?: string;
  CreationTimeBefore?: Date;
  CreationTimeAfter?: Date;
  LastModifiedTimeBefore?: Date;
  LastModifiedTimeAfter?: Date;
}

export function listPage<T extends Listed>(
  input: ListInput,
  all: T[],
  member: string,
  summary: (item: T) => object,
) {
  const size = input.MaxResults ?? LIST_PAGE;
  if (size < 1 || size > LIST_PAGE_MAX) throw invalid(`MaxResults must be between 1 and ${LIST_PAGE_MAX}.`);
  const start = input.NextToken ? Number(Buffer.from(input.NextToken, "base64url").toString()) : 0;
  if (!Number.isSafeInteger(start) || start < 0)
    throw invalid("The NextToken is not one this operation returned.");

  const before = (limit: Date | undefined, time: number) => !limit || time < limit.getTime();
  const after = (limit: Date | undefined, time: number) => !limit || time > limit.getTime();
  const found = all.filter((item) => {
    const modified = item.modified ?? item.created;
    return (
      (!input.NameContains || item.name.toLowerCase().includes(input.NameContains.toLowerCase())) &&
      (!input.StatusEquals || item.status === input.StatusEquals) &&
      before(input.CreationTimeBefore, item.created) &&
      after(input.CreationTimeAfter, item.created) &&
      before(input.LastModifiedTimeBefore, modified) &&
      after(input.LastModifiedTimeAfter, modified)
    );
  });

  const order = input.SortOrder?.startsWith("Asc") ? 1 : -1;
  const by = (item: T) => (input.SortBy === "Status" ? (item.status ?? "") : item.created);
  found.sort((a, b) => {
    if (input.SortBy === "Name") return order * (a.name < b.name ? -1 : 1);
    const [left, right] = [by(a), by(b)];
    return order * (left < right ? -1 : left > right ? 1 : a.name < b.name ? -1 : 1);
  });

  const end = start + size;
  return {
    [member]: found.slice(start, end).map(summary),
    NextToken: end < found.length ? Buffer.from(String(end)).toString("base64url") : undefined,
  };
}
