// A stage's limit of requests, as a token bucket: `burst` at once, and `rate` more each second.
import type { Kernel } from "../../kernel/service.ts";
import { STAGE } from "./declared.ts";

interface StageInputs {
  apiId: string;
  defaultRouteSettings?: { throttlingRateLimit?: number; throttlingBurstLimit?: number };
}

export function openThrottles({ graph, clock }: Pick<Kernel, "graph" | "clock">) {
  const buckets = new Map<string, () => boolean>();
  for (const { inputs } of graph.all<StageInputs>(STAGE)) {
    const { throttlingRateLimit: rate, throttlingBurstLimit: burst } = inputs.defaultRouteSettings ?? {};
    if (rate === undefined || burst === undefined) continue;
    let tokens = burst;
    let filledAt = clock.now();
    buckets.set(inputs.apiId, () => {
      const now = clock.now();
      tokens = Math.min(burst, tokens + (rate * (now - filledAt)) / 1000);
      filledAt = now;
      if (tokens < 1) return false;
      tokens--;
      return true;
    });
  }
  return { allows: (api: string) => buckets.get(api)?.() ?? true };
}
