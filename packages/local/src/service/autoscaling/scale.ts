// Target tracking: every minute, each policy compares its variant's load with the target and sets the instance count.
// Step scaling: runs when an alarm calls the policy.
import { randomUUID } from "node:crypto";
import type { Kernel } from "../../kernel/service.ts";
import { COOLDOWN_SECONDS, SCALE_IN_MINUTES, SCALE_IN_SHARE, SCALE_OUT_MINUTES } from "./limits.ts";
import type { Policy, Records, Target } from "./records.ts";
import { readResource, openVariants } from "./variant.ts";

const MINUTE_MS = 60_000;
/** Wait after a minute's end, so that its last invocations are counted. */
const SETTLE_MS = 5_000;

export function openScaler(kernel: Kernel, records: Records) {
  const { clock } = kernel;
  const variants = openVariants(kernel);
  const { read, set } = variants;
  let cancel = () => {};
  let working = Promise.resolve();
  let stopped = false;

  /** Evaluates the policies every minute while there is a target. */
  function watch() {
    cancel();
    if (stopped || records.targets().length === 0) return;
    const next = Math.floor((clock.now() - SETTLE_MS) / MINUTE_MS + 1) * MINUTE_MS + SETTLE_MS;
    cancel = clock.after(next - clock.now(), () => {
      working = working
        .then(tick)
        .catch((error: Error) => kernel.log("warn", `Nothing was scaled: ${error.message}`));
      watch();
    });
  }

  async function tick() {
    for (const target of records.targets()) {
      if (stopped) return;
      await trackTarget(target).catch((error: Error) =>
        kernel.log("warn", `${target.resource} was not scaled: ${error.message}`),
      );
    }
  }

  async function trackTarget(target: Target) {
    const variant = readResource(target.resource)!;
    const now = await read(variant);
    // The endpoint or variant was deleted.
    if (!now) return records.removeTarget(target.resource);
    if (!now.ready) return;
    const bounded = Math.min(Math.max(now.instances, target.min), target.max);
    if (bounded !== now.instances)
      return setInstances(target, now.instances, bounded, "the bounds of the scalable target");
    for (const policy of records.policies().filter(({ resource }) => resource === target.resource)) {
      if (!policy.tracking) continue;
      const { CustomizedMetricSpecification: metric } = policy.tracking;
      const loads = await (metric
        ? variants.measured(metric, SCALE_IN_MINUTES)
        : variants.load(variant, SCALE_IN_MINUTES));
      const wanted = desiredCount(policy, target, now.instances, loads);
      if (wanted === now.instances) continue;
      await setInstances(target, now.instances, wanted, `the policy ${policy.name}`);
      return records.putPolicy({ ...policy, scaled: clock.now() });
    }
  }

  const cooledDown = (policy: Policy, seconds = COOLDOWN_SECONDS) =>
    policy.scaled === undefined || clock.now() - policy.scaled >= seconds * 1000;

  function desiredCount(
    policy: Policy,
    { min, max, suspended }: Target,
    instances: number,
    loads: (number | undefined)[],
  ): number {
    const { TargetValue: goal = 1, ScaleOutCooldown, ScaleInCooldown, DisableScaleIn } = policy.tracking!;
    const known = (value: number | undefined): value is number => value !== undefined;
    const recent = loads.slice(0, SCALE_OUT_MINUTES);
    const towards = (value: number) => Math.min(max, Math.max(min, Math.ceil((instances * value) / goal)));
    if (recent.every(known) && recent.every((value) => value > goal))
      return suspended.DynamicScalingOutSuspended || !cooledDown(policy, ScaleOutCooldown)
        ? instances
        : towards(Math.max(...recent));
    if (loads.every(known) && loads.every((value) => value < goal * SCALE_IN_SHARE))
      return DisableScaleIn || suspended.DynamicScalingInSuspended || !cooledDown(policy, ScaleInCooldown)
        ? instances
        : Math.min(instances, towards(Math.max(...loads)));
    return instances;
  }

  async function applyStep({ resource, name }: Policy) {
    const target = records.target(resource);
    const policy = records.policy(resource, name);
    const now = target && (await read(readResource(resource)!));
    if (stopped || !target || !policy?.steps || !now?.ready || !cooledDown(policy, policy.steps.Cooldown))
      return;
    const { AdjustmentType, StepAdjustments } = policy.steps;
    const by = StepAdjustments![0]!.ScalingAdjustment ?? 0;
    const requested = AdjustmentType === "ExactCapacity" ? by : now.instances + by;
    const wanted = Math.min(target.max, Math.max(target.min, requested));
    const out = wanted > now.instances;
    const { DynamicScalingOutSuspended, DynamicScalingInSuspended } = target.suspended;
    if (wanted === now.instances || (out ? DynamicScalingOutSuspended : DynamicScalingInSuspended)) return;
    await setInstances(target, now.instances, wanted, `the policy ${name}`);
    records.putPolicy({ ...policy, scaled: clock.now() });
  }

  async function setInstances(target: Target, from: number, to: number, cause: string) {
    await set(readResource(target.resource)!, to);
    records.addActivity({
      id: randomUUID(),
      resource: target.resource,
      at: clock.now(),
      cause: `Requested by ${cause}`,
      description: `Setting desired instance count to ${to}, from ${from}.`,
    });
  }

  return {
    watch,
    /** Applies a step policy. */
    applyPolicy(policy: Policy) {
      working = working
        .then(() => applyStep(policy))
        .catch((error: Error) => kernel.log("warn", `${policy.resource} was not scaled: ${error.message}`));
    },
    async stop() {
      stopped = true;
      cancel();
      await working;
    },
  };
}
