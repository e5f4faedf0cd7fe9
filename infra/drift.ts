// One function per monitored model compares captured predictions with the baseline of the live version.
import { seconds } from "@sluice/models/duration.ts";
import { models } from "@sluice/models/index.ts";
import { pascal } from "@sluice/models/names.ts";
import { endpointNames, records } from "./access.ts";
import { busLink, publish } from "./bus.ts";
import { keepFailures, storeFailures } from "./events.ts";
import { settings } from "./function.ts";
import { artifacts, artifactsLink, results, resultsLink } from "./storage.ts";
import { tableLink } from "./table.ts";

/** Of a function that monitors a model with these endpoints; `*` for all. */
export const monitoring = (model: string, endpoints: string[]) => ({
  link: [tableLink, busLink, resultsLink, artifactsLink],
  permissions: [
    ...records.write,
    records.query,
    records.queryIndex("gsi1", "gsi2"),
    publish,
    // Lists captures. Without it, S3 reports a missing object as AccessDenied instead of NoSuchKey.
    { actions: ["s3:ListBucket"], resources: [results.arn, artifacts.arn] },
    {
      actions: ["s3:GetObject"],
      resources: [
        ...endpoints.map((endpoint) => $interpolate`${results.arn}/capture/${endpoint}/*`),
        $interpolate`${artifacts.arn}/evaluations/${model}/*`,
      ],
    },
    {
      actions: ["s3:GetObject", "s3:PutObject"],
      resources: [
        $interpolate`${results.arn}/monitoring-hours/${model}/*`,
        $interpolate`${artifacts.arn}/monitoring/${model}/*`,
      ],
    },
    { actions: ["s3:PutObject"], resources: [$interpolate`${results.arn}/monitoring/${model}/*`] },
  ],
});

const MINUTES_AN_HOUR = 60;

for (const { name, monitoring: declared } of models) {
  if (!declared) continue;
  const { link, permissions } = monitoring(name, endpointNames(name));
  const fn = new sst.aws.Function(`${pascal(name)}Monitor`, {
    ...settings,
    handler: "packages/functions/src/cron/monitor.handler",
    description: `Drift reports of the model ${name}`,
    // More CPU than its memory needs: the tests on embeddings are arithmetic.
    memory: "1024 MB",
    timeout: "15 minutes",
    environment: { SLUICE_MODEL: name },
    link,
    permissions: [...permissions, storeFailures],
  });
  keepFailures(`${pascal(name)}Monitor`, fn);
  // Each hour sums up its captures, so that a run stays short. The declared schedule decides when windows are compared.
  const minutes = Math.max(1, Math.min(MINUTES_AN_HOUR, Math.floor(seconds(declared.schedule) / 60)));
  new sst.aws.CronV2(`${pascal(name)}Monitoring`, {
    schedule: `rate(${minutes} ${minutes === 1 ? "minute" : "minutes"})`,
    function: fn.arn,
    retries: 2,
  });
}
