// Invokes the function of an integration, within the integration's timeout.
import type { Kernel } from "../../kernel/service.ts";
import { StorageError } from "../../kernel/storage-error.ts";

export interface Target {
  functionArn: string;
  timeoutMs: number;
}

export type Outcome =
  | { payload: string }
  | { failure: "function" | "timeout" | "throttled" | "too-large" | "storage" | "other"; message: string };

const PRINCIPAL = { kind: "service", name: "apigateway.amazonaws.com" } as const;

/** A function that times out here is not canceled. `route` is for the log. */
export function invokeFunction(
  kernel: Kernel,
  { functionArn, timeoutMs }: Target,
  event: unknown,
  route: string,
): Promise<Outcome> {
  const Payload = Buffer.from(JSON.stringify(event));
  const work = kernel
    .call<{ Payload: Uint8Array; FunctionError?: string }>(
      "lambda",
      "Invoke",
      { FunctionName: functionArn, Payload },
      PRINCIPAL,
    )
    .then(
      (result): Outcome => {
        const payload = Buffer.from(result.Payload).toString();
        return result.FunctionError ? { failure: "function", message: payload } : { payload };
      },
      (error: Error) => explain(kernel, error, route),
    );
  return new Promise((resolve) => {
    const cancel = kernel.clock.after(timeoutMs, () =>
      resolve({ failure: "timeout", message: `No response within ${timeoutMs} ms.` }),
    );
    void work.then(resolve).finally(cancel);
  });
}

function explain(kernel: Kernel, error: Error & { code?: string }, route: string): Outcome {
  const { message } = error;
  if (error instanceof StorageError) return { failure: "storage", message };
  if (error.code === "RequestTooLargeException") return { failure: "too-large", message };
  if (error.code === "TooManyRequestsException") return { failure: "throttled", message };
  kernel.log("error", `${route}: ${message}`);
  return { failure: "other", message };
}
