// Fault rules: where, how often and what. Each rule has its own random seed, so rules do not influence each other.
import { AwsError } from "./error.ts";
import { seededRandom } from "./random.ts";
import type { Fault } from "./service.ts";

export interface FaultRule extends Fault {
  /** Where the fault applies: "s3:GetObject", "sqs:deliver"; `*` matches any text. */
  point: string;
  /** Applies only when these members of the input (or `caller`) match; `*` matches any text. */
  match?: Record<string, string>;
  /** Share of the matching calls, 0 to 1. Default 1. */
  rate?: number;
  /** Applies at most this often. */
  times?: number;
  seed?: number;
}

export type FaultRules = ReturnType<typeof createFaultRules>;

const KINDS = new Set(["error", "delay", "duplicate", "reorder", "reset"]);

export function createFaultRules() {
  let active: Array<{ rule: FaultRule; random: () => number; applied: number }> = [];
  return {
    set(rules: FaultRule[]) {
      rules.forEach(check);
      active = rules.map((rule, index) => ({
        rule,
        random: seededRandom(rule.seed ?? index + 1),
        applied: 0,
      }));
    },
    list: () => active.map(({ rule, applied }) => ({ ...rule, applied })),
    take(point: string, about: Record<string, string>): Fault | undefined {
      for (const entry of active) {
        const { rule } = entry;
        if (entry.applied >= (rule.times ?? Infinity) || !like(rule.point, point)) continue;
        if (!Object.entries(rule.match ?? {}).every(([key, pattern]) => like(pattern, about[key] ?? "")))
          continue;
        if (entry.random() >= (rule.rate ?? 1)) continue;
        entry.applied++;
        return rule;
      }
      return undefined;
    },
  };
}

function check(rule: FaultRule, index: number) {
  const refuse = (what: string) => {
    throw new AwsError("FaultRuleInvalid", `Fault rule ${index}: ${what}`);
  };
  if (typeof rule?.point !== "string") refuse('"point" must be an operation such as "s3:GetObject".');
  if (!KINDS.has(rule.kind)) refuse(`"kind" must be one of ${[...KINDS].join(", ")}.`);
  if (rule.kind === "error" && !rule.code) refuse('an "error" needs a "code".');
  if (rule.rate !== undefined && !(rule.rate >= 0 && rule.rate <= 1))
    refuse('"rate" must be between 0 and 1.');
}

function like(pattern: string, text: string) {
  const source = pattern.split("*").map(RegExp.escape).join(".*");
  return new RegExp(`^${source}$`, "s").test(text);
}
