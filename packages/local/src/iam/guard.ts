// Evaluates the graph's policies before an operation runs, with AWS's error messages.
import { AwsError } from "../kernel/error.ts";
import type { Guard } from "../kernel/kernel.ts";
import type { Access, Delivery, Kernel, Principal, Service } from "../kernel/service.ts";
import { decide, parsePolicy, type Statement } from "./document.ts";
import { matchesWildcard, type Context } from "./pattern.ts";
import { identityPolicies, resourcePolicies } from "./policies.ts";

/** The action that a delivery needs, by the ARN's service. Buses accept events from services of their account. */
const DELIVERY_ACTIONS: Record<string, string> = {
  sqs: "sqs:SendMessage",
  lambda: "lambda:InvokeFunction",
  sns: "sns:Publish",
};

/** Targets that EventBridge calls with the target's role, not by their own policy. */
const ROLE_ACTIONS: Record<string, string> = { states: "states:StartExecution" };

/** Services that return the older error code, with status 403. */
const OLD_CODE = new Set(["s3", "sts", "sqs", "sns", "cloudwatch"]);

export function policyGuard(kernel: Kernel, services: Map<string, Service>): Guard {
  const identities = new Map<string, Statement[] | undefined>();
  let resources: Map<string, Statement[]> | undefined;

  const identityOf = (role: string) => {
    if (!identities.has(role)) identities.set(role, identityPolicies(role, kernel.graph));
    return identities.get(role);
  };
  const resourcePolicyOf = (arn: string): Statement[] => {
    resources ??= resourcePolicies(kernel.graph);
    // The policy of an object is its bucket's.
    const owner = arn.startsWith("arn:aws:s3:::") ? arn.split("/")[0]! : arn;
    const fromApi = [...services.values()].map((service) => service.policy?.(owner)).find(Boolean);
    return fromApi ? parsePolicy(fromApi, owner) : (resources.get(owner) ?? []);
  };

  const guard: Guard = {
    call(principal, access) {
      // Policies do not apply to services and to the machine's user (root).
      if (principal.kind !== "role") return;
      const request = { ...access, context: contextOf(principal, access, kernel) };
      const identity = identityOf(principal.arn) ?? [];
      const guards = resourcePolicyOf(access.resource).filter((statement) =>
        matchesPrincipal(statement, principal),
      );
      const denied = decide(identity, request) === "Deny" || decide(guards, request) === "Deny";
      const allowed = decide(identity, request) === "Allow" || decide(guards, request) === "Allow";
      if (denied) throw accessDenied(principal, access, "with an explicit deny in a policy");
      if (!allowed)
        throw accessDenied(
          principal,
          access,
          `because no identity-based policy allows the ${access.action} action`,
        );
    },
    delivery(arn, delivery) {
      const service = arn.split(":")[2] ?? "";
      const roleAction = ROLE_ACTIONS[service];
      if (roleAction) return checkTargetRole(guard, arn, delivery, roleAction);
      const action = DELIVERY_ACTIONS[service];
      if (!action) return;
      const principal: Principal = { kind: "service", name: delivery.source.service };
      const context = {
        ...globalContext(kernel),
        "aws:sourcearn": delivery.source.arn,
        "aws:sourceaccount": kernel.cloud.account,
      };
      const guards = resourcePolicyOf(arn);
      // A topic without a policy has the default one: its own account may publish.
      if (action === "sns:Publish" && guards.length === 0) return;
      const statements = guards.filter((statement) => matchesPrincipal(statement, principal));
      if (decide(statements, { action, resource: arn, context }) === "Allow") return;
      throw new AwsError(
        "AccessDeniedException",
        `${delivery.source.service} (${delivery.source.arn}) is not authorized to perform: ${action} on resource: ${arn} ` +
          `because no resource-based policy allows the ${action} action`,
        { status: 403 },
      );
    },
  };
  return guard;
}

function checkTargetRole(guard: Guard, arn: string, { parameters, source }: Delivery, action: string): void {
  const role = parameters?.["roleArn"];
  if (typeof role !== "string")
    throw new AwsError(
      "AccessDeniedException",
      `${source.service} (${source.arn}) cannot call ${arn}: the target has no role.`,
      { status: 403 },
    );
  guard.call({ kind: "role", arn: role, session: "events" }, { action, resource: arn });
}

function matchesPrincipal({ Principal: named }: Statement, principal: Principal): boolean {
  if (named === undefined) return false;
  if (named === "*") return true;
  const listed = (kind: string) => [named[kind] ?? []].flat();
  if (principal.kind === "service")
    return listed("Service").some((name) => matchesWildcard(name, principal.name));
  if (principal.kind === "root") return true;
  const account = principal.arn.split(":")[4]!;
  return listed("AWS").some((name) =>
    ["*", principal.arn, account, `arn:aws:iam::${account}:root`].includes(name),
  );
}

/** Loopback counts as TLS. */
const globalContext = (kernel: Kernel): Context => ({
  "aws:securetransport": "true",
  "aws:requestedregion": kernel.cloud.region,
  "aws:currenttime": new Date(kernel.clock.now()).toISOString(),
  "s3:tlsversion": "1.3",
});

function contextOf(principal: Principal & { kind: "role" }, access: Access, kernel: Kernel): Context {
  const own = Object.entries(access.context ?? {}).map(([key, value]) => [key.toLowerCase(), value]);
  return {
    ...globalContext(kernel),
    "aws:principalarn": principal.arn,
    "aws:principalaccount": kernel.cloud.account,
    "aws:resourceaccount": kernel.cloud.account,
    ...Object.fromEntries(own),
  };
}

function accessDenied(principal: Principal & { kind: "role" }, { action, resource }: Access, reason: string) {
  const [, , , , account] = principal.arn.split(":");
  const user = `arn:aws:sts::${account}:assumed-role/${principal.arn.split("/").at(-1)}/${principal.session ?? "session"}`;
  const service = action.split(":")[0]!;
  const old = OLD_CODE.has(service);
  return new AwsError(
    old ? "AccessDenied" : "AccessDeniedException",
    `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${reason}`,
    { status: old || service === "execute-api" ? 403 : 400 },
  );
}
