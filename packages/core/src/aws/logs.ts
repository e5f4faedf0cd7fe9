import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { lazy } from "./lazy.ts";

export const logs = lazy(() => new CloudWatchLogsClient({}));
