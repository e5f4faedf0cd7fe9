// What a check is, and how many are run: one after the other in reading order, each with an answer of its own.
import type { Client } from "../client.ts";
import { asFailure } from "../failure.ts";
import type { Target } from "../target.ts";

export interface Finding {
  check: string;
  status: "ok" | "warn" | "fail";
  message: string;
  fix?: string | undefined;
}

export type Answer = Omit<Finding, "check">;

export interface Patient {
  target: Target;
  api: Client;
  /** For an AWS SDK client. */
  sdk: object;
  /** The local state folder, absolute: samples are drawn there. */
  dir: string;
}

export interface Check {
  name: string;
  /** Needs to speak to AWS itself, which an API named by its address alone does not offer. */
  aws?: boolean;
  run(patient: Patient): Promise<Answer[]>;
}

export const ok = (message: string): Answer => ({ status: "ok", message });
export const warn = (message: string, fix?: string): Answer => ({ status: "warn", message, fix });
export const fail = (message: string, fix: string): Answer => ({ status: "fail", message, fix });

/** A check that breaks is a finding too: the others still have their say. */
export async function* examine(checks: readonly Check[], patient: Patient): AsyncGenerator<Finding> {
  for (const { name, aws, run } of checks) {
    if (aws && patient.target.where === "named") continue;
    for (const answer of await run(patient).catch(broken)) yield { check: name, ...answer };
  }
}

function broken(error: unknown): Answer[] {
  const { code, message, hint } = asFailure(error);
  const name = error instanceof Error && code === "UNEXPECTED" ? error.name : code;
  return [fail(`${name}: ${message}`, hint ?? "Mend what the checks above name, then look again.")];
}
