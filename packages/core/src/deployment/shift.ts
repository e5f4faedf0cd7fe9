// Moves from one share of the predictions to the next while the candidate is not clearly worse than the live version.
import type { Target } from "@sluice/models/names.ts";
import { findClearLoss, findTooManyFailures } from "../comparison/recommend.ts";
import { compareVersions, toStepReport } from "../comparison/report.ts";
import { probabilityClassesOf } from "../traffic/traffic.ts";
import type { ModelVersion } from "../version/version.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import type { Shift } from "./deployment.ts";
import { failStep, type Next } from "./next.ts";
import { getTraffic } from "./read.ts";

const ALL = 100;

export async function shiftTraffic(
  item: DeploymentItem,
  version: ModelVersion,
  now: number,
): Promise<Next | undefined> {
  const { shift } = item;
  if (!shift) return { to: { step: "live" } };
  const share = shift.shares[shift.at]!;
  if (share === ALL) return { to: { step: "live" } };
  const { candidate, responses = 0, failures = 0 } = await getTraffic(item.model);
  if (candidate?.version !== version.version || candidate.share !== share)
    return startShare(item, shift, version, now);
  const failing = findTooManyFailures({ responses, failures }, shift.maxErrorRate, ` at ${share} %`);
  if (failing) return failStep(failing);
  const last = shift.at === shift.shares.length - 1;
  if (last || now < Date.parse(shift.nextAt ?? "")) return undefined;
  const report = await compareVersions({ model: item.model, now });
  const comparisons = [...(item.comparisons ?? []), toStepReport(report, share, now)];
  const loss = findClearLoss(report, shift.maxErrorRate);
  if (loss) return { to: { ...failStep(loss).to, comparisons } };
  const next = { ...shift, at: shift.at + 1 };
  if (next.shares[next.at] === ALL) return { to: { step: "live", shift: next, comparisons } };
  const started = startShare(item, next, version, now);
  return { ...started, to: { ...started.to, comparisons } };
}

function startShare(item: DeploymentItem, shift: Shift, version: ModelVersion, now: number): Next {
  const share = shift.shares[shift.at]!;
  const iso = (ms: number) => new Date(ms).toISOString();
  const probabilityClasses = probabilityClassesOf(version);
  return {
    to: {
      step: "shifting",
      shift: { ...shift, nextAt: iso(now + shift.everySeconds * 1_000) },
      note: `${share} %`,
    },
    traffic: {
      candidate: {
        version: version.version,
        endpoint: item.candidate,
        target: item.hosting.target as Target,
        share,
        since: iso(now),
        ...(probabilityClasses && { probabilityClasses }),
      },
      responses: null,
      failures: null,
    },
  };
}
