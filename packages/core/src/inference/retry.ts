import { SluiceError, toSluiceError } from "../error/error.ts";
import type { Runtime } from "../util/runtime.ts";

export interface RetryPolicy {
  /** Attempts after the first. */
  retries: number;
  /** The longest first wait; it doubles for each retry: 1 s, 2 s, 4 s. */
  baseMs: number;
}

/** By SLUICE_RETRY_MAX and SLUICE_RETRY_BASE_MS; the default is three retries from one second. */
export function retryPolicy(env: Record<string, string | undefined> = process.env): RetryPolicy {
  return {
    retries: setting(env, "SLUICE_RETRY_MAX", 3, 10),
    baseMs: setting(env, "SLUICE_RETRY_BASE_MS", 1_000, 60_000),
  };
}

function setting(
  env: Record<string, string | undefined>,
  name: string,
  fallback: number,
  max: number,
): number {
  const text = env[name];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new SluiceError("CONFIGURATION_MISSING", `${name} is "${text}".`, {
    hint: `Set ${name} to a whole number from 0 to ${max}, or unset it for ${fallback}.`,
  });
}

/** Retries transient errors with full jitter, and never waits beyond the deadline (epoch ms). */
export async function withRetry<T>(
  attempt: () => Promise<T>,
  policy: RetryPolicy,
  deadline: number,
  runtime: Runtime,
): Promise<T> {
  for (let retry = 0; ; retry += 1) {
    try {
      return await attempt();
    } catch (thrown) {
      const error = toSluiceError(thrown);
      const wait = runtime.random() * policy.baseMs * 2 ** retry;
      if (!error.retryable || retry >= policy.retries || runtime.now() + wait >= deadline) throw error;
      await runtime.sleep(wait);
    }
  }
}
