// The same input, asked for again and again the way a caller asks.
import { readFile } from "node:fs/promises";
import { authorization, failureOf, reach } from "../client.ts";
import { cannotRead, Failure } from "../failure.ts";
import type { Target } from "../target.ts";

interface Wanted {
  model: string;
  file: string;
  calls: number;
  atOnce: number;
}

export interface Figures {
  p50: number;
  p95: number;
  p99: number;
}

export async function benchmark(target: Target, { model, file, calls, atOnce }: Wanted) {
  const bytes = await readFile(file).catch(cannotRead(file));
  const ask = async () => {
    const began = performance.now();
    const answer = await reach(`${target.api}/predict/${encodeURIComponent(model)}`, {
      method: "POST",
      headers: { ...authorization(target), "content-type": "application/octet-stream" },
      body: new Uint8Array(bytes),
    });
    if (!answer.ok) throw await failureOf(answer);
    const { timings } = (await answer.json()) as { timings: { engine?: { totalMs?: number } } };
    return { ms: performance.now() - began, engineMs: timings.engine?.totalMs };
  };
  // The first call may start a container and says nothing of the others. One that fails would only fail again.
  const first = (await ask()).ms;
  const taken: number[] = [];
  const inside: number[] = [];
  const failed: Record<string, number> = {};
  let left = calls;
  const lane = async () => {
    while (left-- > 0) {
      try {
        const { ms, engineMs } = await ask();
        taken.push(ms);
        if (engineMs !== undefined) inside.push(engineMs);
      } catch (error) {
        const code = error instanceof Failure ? error.code : "UNEXPECTED";
        failed[code] = (failed[code] ?? 0) + 1;
      }
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: atOnce }, lane));
  if (taken.length === 0)
    throw new Failure(
      "BENCHMARK_FAILED",
      `Not one of ${calls} calls was answered: ${Object.keys(failed).join(", ")}.`,
      { hint: `Ask fewer at once; \`sluice endpoint status ${model}\` tells whether it serves.` },
    );
  const seconds = (performance.now() - began) / 1_000;
  return {
    model,
    calls,
    atOnce,
    first,
    perSecond: taken.length / seconds,
    ms: figures(taken),
    engineMs: inside.length > 0 ? figures(inside) : undefined,
    failed,
  };
}

function figures(values: number[]): Figures {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
