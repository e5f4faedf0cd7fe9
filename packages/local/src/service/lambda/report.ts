// The platform's log lines for an invocation, and the error for oversized results.
import { SYNC_RESPONSE_BYTES } from "./limits.ts";
import type { CompletedRun, RunOutcome } from "./worker.ts";

export function reportLine(
  requestId: string,
  { durationMs, maxMemoryMb }: CompletedRun,
  memoryMb: number,
  initMs?: number,
) {
  const parts = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms`,
    `Memory Size: ${memoryMb} MB`,
    `Max Memory Used: ${maxMemoryMb} MB`,
  ];
  if (initMs !== undefined) parts.push(`Init Duration: ${initMs.toFixed(2)} ms`);
  return `${parts.join("\t")}\t`;
}

export function limitResponse(outcome: RunOutcome): RunOutcome {
  const size = Buffer.byteLength(outcome.payload);
  if (size <= SYNC_RESPONSE_BYTES) return outcome;
  const errorMessage = `Response payload size (${size} bytes) exceeded maximum allowed payload size (${SYNC_RESPONSE_BYTES} bytes).`;
  return {
    kind: "error",
    payload: JSON.stringify({ errorType: "Function.ResponseSizeTooLarge", errorMessage }),
  };
}

export function failureLine(payload: string) {
  const { errorType, errorMessage } = JSON.parse(payload) as { errorType?: string; errorMessage?: string };
  return errorType === "Sandbox.Timedout" || errorType === "Runtime.ExitError"
    ? (errorMessage ?? payload)
    : `INIT_REPORT Phase: invoke\tStatus: error\tError Type: ${errorType}`;
}
