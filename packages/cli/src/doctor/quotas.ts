// Compares what the models declare with the account's quotas: one line for each quota.
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { listQuotas, type Quota, type Quotas } from "@sluice/core/quota/list.ts";
import {
  type InstanceUse,
  instanceQuota,
  requestIncrease,
  SERVERLESS_CONCURRENCY,
  SERVERLESS_MEMORY,
} from "@sluice/core/quota/quota.ts";
import { models } from "@sluice/models/index.ts";
import { type AwsContext, type CheckResult, fail, ok, warn } from "./check.ts";
import { declaredResources } from "./graph.ts";
import { isDenied } from "./simulate.ts";

/** Of evaluations. */
const PROCESSING_INSTANCE = "ml.m5.large";
const NEW_ACCOUNT_MEMORY_MB = 3_072;
const LAMBDA_CONCURRENCY = { name: "Concurrent executions", code: "L-B99A9384" };

interface Demand {
  quota: string;
  /** The sum of the declared values. */
  declared: number;
  /** Below it, something declared cannot work at all. */
  least: number;
  who: string;
  /** What helps besides an increase. */
  otherwise: string;
}

export async function checkQuotas({ sdk }: AwsContext): Promise<CheckResult[]> {
  try {
    const [quotas, lambda] = await Promise.all([
      listQuotas(new ServiceQuotasClient(sdk)),
      readLambdaConcurrency(sdk),
    ]);
    return [
      compareMemory(quotas),
      ...demands().map((demand) => compare(demand, quotas.get(demand.quota))),
      compareLambda(lambda),
    ];
  } catch (error) {
    if (!isDenied(error)) throw error;
    return [
      warn(
        "These credentials cannot read the account's quotas.",
        "Allow servicequotas:ListServiceQuotas and lambda:GetAccountSettings. Provisioning caps a serverless endpoint to what the account allows.",
      ),
    ];
  }
}

async function readLambdaConcurrency(sdk: object): Promise<number> {
  const { AccountLimit } = await new LambdaClient(sdk).send(new GetAccountSettingsCommand({}));
  return AccountLimit?.ConcurrentExecutions ?? 0;
}

const names = (list: Array<{ name: string }>) => list.map(({ name }) => name).join(", ");

function demands(): Demand[] {
  const serverless = models.filter(({ hosting }) => hosting.target === "serverless");
  const onInstances = models.filter(
    ({ hosting }) => hosting.target === "realtime" || hosting.target === "async",
  );
  const endpoints = Map.groupBy(onInstances, ({ hosting }) => hosting.instance);
  const trainings = Map.groupBy(models, ({ training: { instance, spot } }) =>
    instanceQuota(instance, spot ? "spot training job" : "training job"),
  );
  return [
    {
      quota: SERVERLESS_CONCURRENCY,
      declared: serverless.reduce((sum, { hosting }) => sum + hosting.concurrency, 0),
      least: serverless.length,
      who: names(serverless),
      otherwise: "Later endpoints get what is left. Declare a lower `hosting.concurrency`",
    },
    ...[...endpoints].map(([instance, users]) => ({
      quota: instanceQuota(instance, "endpoint"),
      declared: users.reduce((sum, { hosting }) => sum + hosting.autoscaling.max, 0),
      least: users.reduce((sum, { hosting }) => sum + Math.max(1, hosting.autoscaling.min), 0),
      who: names(users),
      otherwise: "Declare another `hosting.instance` or the target `serverless`",
    })),
    ...[...trainings].map(([quota, users]) => ({
      quota,
      declared: users.length,
      least: 1,
      who: names(users),
      otherwise: isSpot(quota)
        ? "Train with --no-spot, or declare `training.spot: false`"
        : "Declare another `training.instance`",
    })),
    {
      quota: instanceQuota(PROCESSING_INSTANCE, "processing job"),
      declared: 1,
      least: 1,
      who: "evaluations",
      otherwise: "Without it, no trained version is evaluated",
    },
  ];
}

const isSpot = (quota: string) =>
  quota.endsWith(instanceQuota("", "spot training job" satisfies InstanceUse));

function compare({ quota, declared, least, who, otherwise }: Demand, found: Quota | undefined): CheckResult {
  const what = `${quota}: ${declared} declared (${who})`;
  if (!found)
    return warn(`${what}, but Service Quotas does not list this quota.`, "Check the instance type.");
  if (declared <= found.value) return ok(`${what}, quota ${found.value}`);
  const fix = `${otherwise}, or ${requestIncrease(quota, found.code)}`;
  return found.value < least
    ? fail(`${what}, but the quota is ${found.value}.`, fix)
    : warn(`${what}, but the quota is ${found.value}.`, fix);
}

function compareMemory(quotas: Quotas): CheckResult {
  const serverless = models.filter(({ hosting }) => hosting.target === "serverless");
  const most = Math.max(0, ...serverless.map(({ hosting }) => hosting.memory));
  const users = serverless.filter(({ hosting }) => hosting.memory === most);
  const what = `${SERVERLESS_MEMORY}: up to ${most} declared (${names(users)})`;
  const found = quotas.get(SERVERLESS_MEMORY);
  if (!found)
    return ok(
      `${what}. Service Quotas does not list this quota. A new account has ${NEW_ACCOUNT_MEMORY_MB}; an endpoint then gets the most that is allowed.`,
    );
  if (most <= found.value) return ok(`${what}, quota ${found.value}`);
  return warn(
    `${what}, but the quota is ${found.value}.`,
    `Endpoints get ${found.value} MB. Declare a lower \`hosting.memory\`, or ${requestIncrease(SERVERLESS_MEMORY, found.code)}`,
  );
}

/** Queues call their functions with a declared concurrency; the API and events come on top. */
function compareLambda(limit: number): CheckResult {
  const declared = declaredResources("aws:lambda/eventSourceMapping:EventSourceMapping").reduce(
    (sum, { inputs }) =>
      sum +
      Number(
        (inputs["scalingConfig"] as { maximumConcurrency?: number } | undefined)?.maximumConcurrency ?? 0,
      ),
    0,
  );
  const { name, code } = LAMBDA_CONCURRENCY;
  const what = `Lambda ${name.toLowerCase()}: ${declared} declared for the queues, beside the API and events`;
  if (declared < limit) return ok(`${what}, quota ${limit}`);
  return warn(
    `${what}, but the quota is ${limit}. Queue and event invocations are retried; API requests fail with status 5xx.`,
    `AWS grants more on request: ${requestIncrease(name, code, "lambda")}`,
  );
}
