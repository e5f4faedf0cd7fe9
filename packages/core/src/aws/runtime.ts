import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { lazy } from "./lazy.ts";

/** SageMaker answers within 60 s; the socket waits a little longer, so that its own error arrives. */
const answerMs = 65_000;

// One attempt: the retries, their waits and what deserves one are Sluice's own (inference/retry.ts).
export const runtime = lazy(
  () =>
    new SageMakerRuntimeClient({
      maxAttempts: 1,
      requestHandler: { requestTimeout: answerMs, connectionTimeout: 3_000 },
    }),
);
