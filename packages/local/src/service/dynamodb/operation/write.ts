// One conditional write: shared by PutItem, UpdateItem, DeleteItem, batches and transactions.
import type {
  ConditionCheck,
  DeleteItemCommandInput,
  PutItemCommandInput,
  UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { Database } from "../database.ts";
import { invalid, invalidValues } from "../error.ts";
import type { Condition, Path } from "../expression/ast.ts";
import { evaluateCondition } from "../expression/condition.ts";
import { parseCondition } from "../expression/parser.ts";
import { readPlaceholders } from "../expression/placeholders.ts";
import { parseUpdate, updatedPaths } from "../expression/update-parser.ts";
import { applyUpdate } from "../expression/update.ts";
import { MAX_ITEM_BYTES } from "../limits.ts";
import type { Change } from "../storage/items.ts";
import { readItemKey, readKey, type Key } from "../storage/key.ts";
import { isKey, type Table } from "../storage/table.ts";
import { itemSize } from "../value/size.ts";
import { emptyItem, readItem, type Item } from "../value/value.ts";
import { conditionFailed } from "./condition-error.ts";
import { oneOf, required } from "./input.ts";

export interface Write {
  table: Table;
  key: Key;
  condition: Condition | undefined;
  /** The item after the write; undefined when it is deleted. May throw. */
  apply(before: Item | undefined): Item | undefined;
  /** The paths of an update expression. */
  updated: Path[];
  /** Return the item when the condition fails. */
  showOnFailure: boolean;
}

interface Conditional {
  ConditionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
  ReturnValuesOnConditionCheckFailure?: string;
}

function readConditional(input: Conditional, update?: string) {
  const placeholders = readPlaceholders(input, {
    UpdateExpression: update,
    ConditionExpression: input.ConditionExpression,
  });
  const parsed = update === undefined ? undefined : parseUpdate(update, placeholders);
  const condition =
    input.ConditionExpression === undefined
      ? undefined
      : parseCondition("ConditionExpression", input.ConditionExpression, placeholders);
  placeholders.allUsed();
  const on = "ReturnValuesOnConditionCheckFailure";
  const showOnFailure = oneOf(input[on], on, ["ALL_OLD", "NONE"]) === "ALL_OLD";
  return { condition, update: parsed, showOnFailure };
}

/** A parsed write. `bind` checks it against the table's keys. */
export interface UnboundWrite {
  tableName: string;
  bind(table: Table): Write;
}

export function readPut(input: Partial<PutItemCommandInput>): UnboundWrite {
  const tableName = required(input.TableName, "TableName");
  const item = readItem(required(input.Item, "Item"));
  const { condition, showOnFailure } = readConditional(input);
  return {
    tableName,
    bind(table) {
      const key = readItemKey(table, item);
      if (itemSize(item) > MAX_ITEM_BYTES) throw invalid("Item size has exceeded the maximum allowed size");
      return { table, key, condition, showOnFailure, updated: [], apply: () => item };
    },
  };
}

export function readDelete(input: Partial<DeleteItemCommandInput>): UnboundWrite {
  return readKeyed(input, () => undefined);
}

export function readCheck(input: Partial<ConditionCheck>): UnboundWrite {
  required(input.ConditionExpression, "ConditionExpression");
  return readKeyed(input, (before) => before);
}

function readKeyed(input: Partial<DeleteItemCommandInput>, apply: Write["apply"]): UnboundWrite {
  const tableName = required(input.TableName, "TableName");
  const keyItem = readItem(required(input.Key, "Key"));
  const { condition, showOnFailure } = readConditional(input);
  return {
    tableName,
    bind: (table) => ({
      table,
      key: readKey(table, keyItem),
      condition,
      showOnFailure,
      updated: [],
      apply,
    }),
  };
}

export function readUpdate(input: Partial<UpdateItemCommandInput>): UnboundWrite {
  const tableName = required(input.TableName, "TableName");
  const keyItem = readItem(required(input.Key, "Key"));
  const { condition, update, showOnFailure } = readConditional(input, input.UpdateExpression);
  const updated = update ? updatedPaths(update) : [];
  return {
    tableName,
    bind(table) {
      const key = readKey(table, keyItem);
      const fixed = updated.find(([attribute]) => isKey(table.key, attribute));
      if (fixed)
        throw invalidValues(`Cannot update attribute ${fixed[0]}. This attribute is part of the key`);
      const apply = (before: Item = keyItem) => {
        const after = update ? applyUpdate(update, before) : before;
        readItemKey(table, after, true);
        if (itemSize(after) > MAX_ITEM_BYTES) {
          throw invalid("Item size to update has exceeded the maximum allowed size");
        }
        return after;
      };
      return { table, key, condition, showOnFailure, updated, apply };
    },
  };
}

/** The change that `write` makes to the stored item. Throws when its condition fails. */
export function planChange({ items }: Database, write: Write): Change {
  const before = items.read(write.table, write.key);
  if (write.condition && !evaluateCondition(write.condition, before ?? emptyItem())) {
    throw conditionFailed(write.showOnFailure ? before : undefined);
  }
  return { key: write.key, before, after: write.apply(before) };
}

export function executeWrite(
  database: Database,
  { tableName, bind }: UnboundWrite,
): { write: Write; change: Change } {
  const write = bind(database.tables.get(tableName));
  return database.store.tx(() => {
    const change = planChange(database, write);
    database.items.write(write.table, change);
    return { write, change };
  });
}

/** Identifies an item, to find several writes to it in one request. */
export const itemIdentity = ({ table, key }: Pick<Write, "table" | "key">) =>
  `${table.id} ${key.hash.toString("hex")} ${key.range.toString("hex")}`;
