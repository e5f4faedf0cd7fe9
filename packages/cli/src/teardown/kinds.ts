import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { alarms, logGroups, scalableTargets } from "./around-endpoints.ts";
import { hostingKinds } from "./hosting.ts";
import { jobKinds } from "./jobs.ts";
import type { Account, Kind } from "./kind.ts";
import { openOwner } from "./owner.ts";

/** AWS limits the rate of most of these calls to a few per second. */
const patient = { retryMode: "adaptive", maxAttempts: 12 };

/**
 * In the order of removal: scaling before endpoints, endpoints before what they write and refer to. Models and configs
 * are last: after an interruption, their tags still name the models whose endpoints had alarms and logs.
 */
export function openKinds({ target, sdk, pollMs }: Account): Kind[] {
  const sagemaker = new SageMakerClient({ ...sdk, ...patient });
  const logs = new CloudWatchLogsClient({ ...sdk, ...patient });
  const owner = openOwner(sagemaker, target);
  const [endpoints, configs, models] = hostingKinds(sagemaker, owner, pollMs);
  return [
    scalableTargets(new ApplicationAutoScalingClient({ ...sdk, ...patient }), owner),
    endpoints!,
    alarms(new CloudWatchClient({ ...sdk, ...patient }), owner),
    logGroups(logs, owner),
    ...jobKinds(sagemaker, logs, owner, pollMs),
    configs!,
    models!,
  ];
}
