// Reads the committed graph for the tests of infra/.
import { expect } from "vitest";
import { readLock, type Lock } from "../../scripts/synth/lock.ts";

const committed = readLock();
if (!committed) throw new Error("infra/cloud.lock.json is missing or unreadable: run `npm run synth`.");
export const lock: Lock = committed;

type Inputs = Record<string, any>;

export const ofType = (type: string): { name: string; inputs: Inputs }[] =>
  lock.resources.filter((resource) => resource.type === type);

export const named = (name: string): Inputs => {
  const found = lock.resources.find((resource) => resource.name === name);
  expect(found, `${name} in the graph`).toBeDefined();
  return found!.inputs;
};

export interface Statement {
  Effect: string;
  Action: string[];
  Resource: string[];
  Principal?: unknown;
  Condition?: Record<string, Record<string, string[]>>;
}

export const statements = (policy: string): Statement[] =>
  (JSON.parse(policy) as { Statement: Statement[] }).Statement;

/** Everything a role may do by its own policies: "action on resource". */
export function grants(role: string): string[] {
  const policies = (named(role)["inlinePolicies"] ?? []) as { policy: string }[];
  return policies
    .flatMap(({ policy }) => statements(policy))
    .flatMap(({ Action, Resource }) =>
      Action.flatMap((action) => Resource.map((on) => `${action} on ${on}`)),
    );
}
