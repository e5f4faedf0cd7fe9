// The projection of GetItem, BatchGetItem and TransactGetItems.
import { projector, parseProjection } from "../expression/projection.ts";
import { readPlaceholders } from "../expression/placeholders.ts";
import type { Item } from "../value/value.ts";

interface Projected {
  ProjectionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
}

export function readProjection(input: Projected): (item: Item) => Item {
  const { ProjectionExpression, ExpressionAttributeNames } = input;
  const placeholders = readPlaceholders({ ExpressionAttributeNames }, { ProjectionExpression });
  if (ProjectionExpression === undefined) return (item) => item;
  const paths = parseProjection(ProjectionExpression, placeholders);
  placeholders.allUsed();
  return projector(paths);
}
