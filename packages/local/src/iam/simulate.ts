// SimulatePrincipalPolicy: what the policies of a role allow, without a call to the services.
import { AwsError } from "../kernel/error.ts";
import type { Kernel, Operation } from "../kernel/service.ts";
import { decide } from "./document.ts";
import { identityPolicies } from "./policies.ts";

interface SimulateInput {
  PolicySourceArn?: string;
  ActionNames?: string[];
  ResourceArns?: string[];
  ContextEntries?: Array<{ ContextKeyName?: string; ContextKeyValues?: string[] }>;
}

const DECISIONS = { Allow: "allowed", Deny: "explicitDeny" } as const;

export const simulateOperation =
  (kernel: Kernel): Operation =>
  (input: SimulateInput) => {
    const source = input.PolicySourceArn ?? "";
    const statements = identityPolicies(source, kernel.graph);
    if (!statements)
      throw new AwsError("NoSuchEntity", `The role with name ${source.split("/").at(-1)} cannot be found.`, {
        status: 404,
      });
    const context = Object.fromEntries(
      (input.ContextEntries ?? []).map(({ ContextKeyName = "", ContextKeyValues = [] }) => [
        ContextKeyName.toLowerCase(),
        ContextKeyValues[0] ?? "",
      ]),
    );
    const pairs = (input.ActionNames ?? []).flatMap((action) =>
      (input.ResourceArns ?? ["*"]).map((resource) => ({ action, resource })),
    );
    return {
      IsTruncated: false,
      EvaluationResults: pairs.map(({ action, resource }) => {
        const decision = decide(statements, { action, resource, context });
        return {
          EvalActionName: action,
          EvalResourceName: resource,
          EvalDecision: decision ? DECISIONS[decision] : "implicitDeny",
        };
      }),
    };
  };
