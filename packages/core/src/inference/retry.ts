import { SluiceError, toSluiceError } from "../error/error.ts";

/** What time, chance and standard output are to the pipeline, so that a test passes its own. */
export interface Surroundings {
  print(line: string): void;
  now(): number;
  sleep(ms: number): Promise<void>;
  random(): number;
}

export const real: Surroundings = {
  print: (line) => process.stdout.write(`${line}\n`),
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: () => Math.random(),
};

export interface RetryPolicy {
  /** Tries after the first. */
  retries: number;
  /** The first wait's ceiling; each next one doubles: 1 s, 2 s, 4 s. */
  baseMs: number;
}

/** SLUICE_RETRY_MAX and SLUICE_RETRY_BASE_MS, three retries from one second without them. */
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
  most: number,
): number {
  const text = env[name];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new SluiceError("CONFIGURATION_MISSING", `${name} is "${text}".`, {
    hint: `Set ${name} to a whole number from 0 to ${most}, or leave it out for ${fallback}.`,
  });
}

/** Tries again what may pass, with full jitter, and never waits beyond the deadline (epoch ms). */
export async function withRetry<T>(
  attempt: () => Promise<T>,
  policy: RetryPolicy,
  deadline: number,
  around: Surroundings,
): Promise<T> {
  for (let retry = 0; ; retry += 1) {
    try {
      return await attempt();
    } catch (thrown) {
      const error = toSluiceError(thrown);
      const wait = around.random() * policy.baseMs * 2 ** retry;
      if (!error.retryable || retry >= policy.retries || around.now() + wait >= deadline) throw error;
      await around.sleep(wait);
    }
  }
}
