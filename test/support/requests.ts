// Requests that reach a cloud over the wire, counted by operation.
import type { Cloud } from "@sluice/local/cloud.ts";

export function countRequests({ kernel }: Cloud): Map<string, number> {
  const { perform } = kernel;
  const counts = new Map<string, number>();
  kernel.perform = (service, operation, input, call) => {
    counts.set(operation, (counts.get(operation) ?? 0) + 1);
    return perform(service, operation, input, call);
  };
  return counts;
}
