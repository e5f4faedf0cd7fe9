// From one share of the predictions to the next, as long as the candidate answers them well.
import type { Target } from "@sluice/models/names.ts";
import type { ModelVersion } from "../version/version.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import type { Shift } from "./deployment.ts";
import { failed, type Next } from "./next.ts";
import { traffic } from "./read.ts";
import { bareOf } from "../traffic/traffic.ts";

/** Fewer failures say nothing yet. */
const leastFailures = 3;
const whole = 100;

export async function shifted(
  item: DeploymentItem,
  found: ModelVersion,
  now: number,
): Promise<Next | undefined> {
  const { version } = found;
  const shift = item.shift as Shift | undefined;
  if (!shift) return { to: { step: "live" } };
  const share = shift.shares[shift.at]!;
  if (share === whole) return { to: { step: "live" } };
  const { candidate, answers = 0, failures = 0 } = await traffic(item.model);
  if (candidate?.version !== version || candidate.share !== share) return begun(item, shift, found, now);
  const rate = failures / Math.max(1, answers);
  if (failures >= leastFailures && rate > shift.maxErrorRate)
    return failed(
      `${failures} of the candidate's ${answers} answers at ${share} % were failures; ${shift.maxErrorRate * 100} % may be.`,
    );
  const last = shift.at === shift.shares.length - 1;
  if (last || now < Date.parse(shift.nextAt ?? "")) return undefined;
  const next = { ...shift, at: shift.at + 1 };
  return next.shares[next.at] === whole
    ? { to: { step: "live", shift: next } }
    : begun(item, next, found, now);
}

function begun(item: DeploymentItem, shift: Shift, found: ModelVersion, now: number): Next {
  const { version } = found;
  const bare = bareOf(found);
  const share = shift.shares[shift.at]!;
  const { target } = item.hosting as { target: Target };
  const at = (ms: number) => new Date(ms).toISOString();
  return {
    to: {
      step: "shifting",
      shift: { ...shift, nextAt: at(now + shift.everySeconds * 1_000) },
      note: `${share} %`,
    },
    traffic: {
      candidate: { version, endpoint: item.candidate, target, share, since: at(now), ...(bare && { bare }) },
      answers: null,
      failures: null,
    },
  };
}
