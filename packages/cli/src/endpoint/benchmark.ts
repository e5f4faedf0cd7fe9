import { readFile } from "node:fs/promises";
import { predictWithEndpoint } from "../prediction/endpoint.ts";
import type { Target } from "../target/target.ts";
import { Failure, failUnreadable, toFailure } from "../terminal/failure.ts";
import { percentiles } from "./percentiles.ts";

interface BenchmarkRequest {
  model: string;
  file: string;
  calls: number;
  concurrency: number;
}

/** Predicts the same file repeatedly and measures as a client. */
export async function runBenchmark(target: Target, { model, file, calls, concurrency }: BenchmarkRequest) {
  const bytes = await readFile(file).catch(failUnreadable(file));
  const call = async () => {
    const started = performance.now();
    const { timings } = await predictWithEndpoint(target, model, bytes);
    return { ms: performance.now() - started, engineMs: timings.engine?.totalMs };
  };
  // Separate, because it may start a container. If it fails, the others would fail too.
  const first = (await call()).ms;
  const durations: number[] = [];
  const engineDurations: number[] = [];
  const failed: Record<string, number> = {};
  let left = calls;
  const runWorker = async () => {
    while (left-- > 0) {
      try {
        const { ms, engineMs } = await call();
        durations.push(ms);
        if (engineMs !== undefined) engineDurations.push(engineMs);
      } catch (error) {
        const { code } = toFailure(error);
        failed[code] = (failed[code] ?? 0) + 1;
      }
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: concurrency }, runWorker));
  if (durations.length === 0)
    throw new Failure("BENCHMARK_FAILED", `All ${calls} calls failed: ${Object.keys(failed).join(", ")}.`, {
      hint: `Reduce --concurrency. To check the endpoint: npx sluice endpoints status ${model}`,
    });
  const seconds = (performance.now() - started) / 1_000;
  return {
    model,
    calls,
    concurrency,
    first,
    perSecond: durations.length / seconds,
    ms: percentiles(durations),
    engineMs: engineDurations.length > 0 ? percentiles(engineDurations) : undefined,
    failed,
  };
}
