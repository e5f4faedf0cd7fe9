import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { lazy } from "./lazy.ts";

export const autoscaling = lazy(() => new ApplicationAutoScalingClient({}));
