import type { Client } from "../target/client.ts";
import type { Target } from "../target/target.ts";
import { toFailure } from "../terminal/failure.ts";

export interface CheckResult {
  status: "ok" | "warn" | "fail";
  message: string;
  fix?: string | undefined;
}

export interface Finding extends CheckResult {
  check: string;
}

export interface AwsContext {
  /** Configuration for an AWS SDK client. */
  sdk: object;
  /** Where the doctor examines a Sluice. */
  where: Target["where"];
}

export interface CheckContext extends AwsContext {
  target: Target;
  api: Client;
  /** Absolute path of the state folder, where samples are written. */
  dir: string;
}

export interface Check<Context extends AwsContext = CheckContext> {
  name: string;
  /** Needs AWS access, which a target named by --api does not have. */
  aws?: boolean;
  run(context: Context): Promise<CheckResult[]>;
}

export const ok = (message: string): CheckResult => ({ status: "ok", message });
export const warn = (message: string, fix?: string): CheckResult => ({ status: "warn", message, fix });
export const fail = (message: string, fix: string): CheckResult => ({ status: "fail", message, fix });

/** A check that throws is a failed finding; the next checks still run. */
export async function* runChecks<Context extends AwsContext>(
  checks: readonly Check<Context>[],
  context: Context,
): AsyncGenerator<Finding> {
  for (const { name, aws, run } of checks) {
    if (aws && context.where === "named") continue;
    for (const result of await run(context).catch(toResults)) yield { check: name, ...result };
  }
}

function toResults(error: unknown): CheckResult[] {
  const { code, message, hint } = toFailure(error);
  const name = error instanceof Error && code === "UNEXPECTED" ? error.name : code;
  return [fail(`${name}: ${message}`, hint ?? "Fix the failed checks above, then run the doctor again.")];
}
