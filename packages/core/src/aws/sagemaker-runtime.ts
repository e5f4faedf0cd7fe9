import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { lazy } from "./lazy.ts";

/** SageMaker responds within 60 s. A longer timeout lets its own error arrive. */
const REQUEST_TIMEOUT_MS = 65_000;

// One attempt: inference/retry.ts decides about retries.
export const sagemakerRuntime = lazy(
  () =>
    new SageMakerRuntimeClient({
      maxAttempts: 1,
      requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS, connectionTimeout: 3_000 },
    }),
);
