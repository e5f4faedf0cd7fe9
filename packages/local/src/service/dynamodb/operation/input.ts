// Input checks that all operations share.
import { notImplemented } from "../../../kernel/error.ts";
import { constraint } from "../error.ts";

/** Legacy parameters, and the expressions that replaced them. */
const legacy: Record<string, string> = {
  AttributesToGet: "ProjectionExpression",
  AttributeUpdates: "UpdateExpression",
  ConditionalOperator: "ConditionExpression",
  Expected: "ConditionExpression",
  KeyConditions: "KeyConditionExpression",
  QueryFilter: "FilterExpression",
  ScanFilter: "FilterExpression",
};

/** Rejects members that the operation would ignore. */
export function checkMembers(what: string, input: object, members: readonly string[]) {
  for (const [member, value] of Object.entries(input)) {
    if (value === undefined || members.includes(member)) continue;
    const instead = legacy[member];
    throw notImplemented(
      instead
        ? `the legacy parameter ${member} of DynamoDB's ${what}; use ${instead}`
        : `${member} of DynamoDB's ${what}`,
    );
  }
}

/** AWS's messages write "TableName" as 'tableName'. */
const spelled = (member: string) => member[0]!.toLowerCase() + member.slice(1);

export function required<T>(value: T | undefined | null, member: string): T {
  if (value === undefined || value === null) {
    throw constraint(value, spelled(member), "Member must not be null");
  }
  return value;
}

export function oneOf<T extends string>(value: string | undefined, member: string, allowed: readonly T[]) {
  if (value === undefined || allowed.includes(value as T)) return value as T | undefined;
  throw constraint(value, spelled(member), `Member must satisfy enum value set: [${allowed.join(", ")}]`);
}

export function checkRange(value: number | undefined, member: string, least: number, most = Infinity) {
  if (value === undefined) return;
  if (value < least) {
    throw constraint(value, spelled(member), `Member must have value greater than or equal to ${least}`);
  }
  if (value > most) {
    throw constraint(value, spelled(member), `Member must have value less than or equal to ${most}`);
  }
}

export function checkLength(entries: unknown[], member: string, most: number) {
  if (entries.length >= 1 && entries.length <= most) return;
  throw constraint(
    `[${entries.length} entries]`,
    spelled(member),
    entries.length === 0
      ? "Member must have length greater than or equal to 1"
      : `Member must have length less than or equal to ${most}`,
  );
}

export const reports = ["INDEXES", "TOTAL", "NONE"] as const;
