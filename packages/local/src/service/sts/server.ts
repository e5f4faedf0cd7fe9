import { createHash } from "node:crypto";
import { AwsError } from "../../kernel/error.ts";
import type { Call, Kernel, Principal, Service } from "../../kernel/service.ts";
import { SESSION_NAME, SESSION_SECONDS } from "./limits.ts";

export function stsServer(kernel: Kernel): Service {
  const { account, partition } = kernel.cloud;

  function getCallerIdentity(_input: unknown, call: Call) {
    return { Account: account, Arn: arnOf(call.principal), UserId: userIdOf(call.principal) };
  }

  function assumeRole({
    RoleArn,
    RoleSessionName,
    DurationSeconds = SESSION_SECONDS.default,
  }: Record<string, any>) {
    if (!SESSION_NAME.test(RoleSessionName ?? ""))
      throw new AwsError("ValidationError", `RoleSessionName must match ${SESSION_NAME.source}.`);
    if (DurationSeconds < SESSION_SECONDS.min || DurationSeconds > SESSION_SECONDS.max)
      throw new AwsError(
        "ValidationError",
        `DurationSeconds must be between ${SESSION_SECONDS.min} and ${SESSION_SECONDS.max}.`,
      );
    const exists = kernel.graph.all("aws:iam/role:Role").some((role) => role.attributes.arn === RoleArn);
    if (!exists)
      throw new AwsError("AccessDenied", `There is no role ${RoleArn} to assume.`, { status: 403 });
    const environment = kernel.credentials(RoleArn, RoleSessionName);
    const principal: Principal = { kind: "role", arn: RoleArn, session: RoleSessionName };
    return {
      Credentials: {
        AccessKeyId: environment.AWS_ACCESS_KEY_ID,
        SecretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
        SessionToken: environment.AWS_SESSION_TOKEN,
        Expiration: new Date(kernel.clock.now() + DurationSeconds * 1000),
      },
      AssumedRoleUser: { Arn: arnOf(principal), AssumedRoleId: userIdOf(principal) },
    };
  }

  function arnOf(principal: Principal) {
    if (principal.kind !== "role") return `arn:${partition}:iam::${account}:root`;
    return `arn:${partition}:sts::${account}:assumed-role/${principal.arn.split("/").at(-1)}/${principal.session}`;
  }

  function userIdOf(principal: Principal) {
    if (principal.kind !== "role") return account;
    const id = createHash("sha256").update(principal.arn).digest("hex").slice(0, 17).toUpperCase();
    return `AROA${id}:${principal.session}`;
  }

  return {
    operations: { GetCallerIdentity: getCallerIdentity, AssumeRole: assumeRole },
    // GetCallerIdentity needs no permission.
    access: (operation, input) =>
      operation === "AssumeRole" ? [{ action: "sts:AssumeRole", resource: input.RoleArn ?? "*" }] : [],
  };
}
