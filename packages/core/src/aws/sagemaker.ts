import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { lazy } from "./lazy.ts";

export const sagemaker = lazy(() => new SageMakerClient({}));
