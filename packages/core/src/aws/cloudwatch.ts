import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { lazy } from "./lazy.ts";

export const cloudwatch = lazy(() => new CloudWatchClient({}));
