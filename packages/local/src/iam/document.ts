// Policy documents, and whether a statement applies to a request.
import { matchesConditions } from "./condition.ts";
import { expandVariables, matchesWildcard, type Context } from "./pattern.ts";

export interface Statement {
  Effect: "Allow" | "Deny";
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Principal?: "*" | Record<string, string | string[]>;
  NotPrincipal?: unknown;
  Condition?: Record<string, Record<string, string | string[]>>;
}

export interface AccessRequest {
  action: string;
  resource: string;
  context: Context;
}

export function parsePolicy(policy: unknown, where: string): Statement[] {
  let document: any = policy;
  if (typeof policy === "string") {
    try {
      document = JSON.parse(policy);
    } catch (cause) {
      throw new Error(`The policy of ${where} is not JSON.`, { cause });
    }
  }
  const statements = [document?.Statement ?? []].flat() as Statement[];
  for (const { Effect } of statements)
    if (Effect !== "Allow" && Effect !== "Deny")
      throw new Error(
        `A statement in the policy of ${where} has the Effect ${JSON.stringify(Effect)}: use Allow or Deny.`,
      );
  return statements;
}

export function appliesTo(statement: Statement, { action, resource, context }: AccessRequest): boolean {
  const named = (patterns: string | string[] | undefined, text: string, fold = false) =>
    patterns !== undefined &&
    [patterns].flat().some((pattern) => matchesWildcard(expandVariables(pattern, context), text, fold));
  const actionFits =
    statement.NotAction === undefined
      ? named(statement.Action, action, true)
      : !named(statement.NotAction, action, true);
  // Trust policies have no Resource: it is implied.
  const resourceFits =
    statement.NotResource === undefined
      ? statement.Resource === undefined || named(statement.Resource, resource)
      : !named(statement.NotResource, resource);
  return actionFits && resourceFits && matchesConditions(statement.Condition, context);
}

export function decide(statements: Statement[], request: AccessRequest): "Allow" | "Deny" | undefined {
  const applicable = statements.filter((statement) => appliesTo(statement, request));
  if (applicable.some((statement) => statement.Effect === "Deny")) return "Deny";
  return applicable.length > 0 ? "Allow" : undefined;
}
