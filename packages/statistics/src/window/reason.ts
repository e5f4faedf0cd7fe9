// Describes the findings of a comparison in one sentence.
import type { Finding } from "./finding.ts";

/** "brightness changed (median 121 to 44, effect 0.83 of at least 0.2) ...", the strongest first. */
export function describeFindings(findings: readonly Finding[], count: number): string {
  const drifted = findings
    .filter((finding) => finding.drifted)
    .sort((left, right) => right.effect / right.threshold - left.effect / left.threshold);
  if (drifted.length === 0)
    return `${count} predictions do not differ from the baseline in any of ${findings.length} comparisons.`;
  return `${capitalize(drifted.map(describeChange).join("; "))}.`;
}

function describeChange({ name, test, effect, threshold, baseline, current }: Finding): string {
  const size = `effect ${round(effect)}, threshold ${round(threshold)}`;
  if (test === "ks")
    return `${name} changed (median ${round(baseline!["median"]!)} to ${round(current!["median"]!)}, ${size})`;
  if (test === "chi-square") return `the mix of ${name} changed (${describeMix(baseline!, current!)}${size})`;
  return `${name} changed by the ${test} test (${size})`;
}

/** The category whose share changed most, and whether the baseline has none of it. */
function describeMix(baseline: Record<string, number>, current: Record<string, number>): string {
  const names = [...new Set([...Object.keys(baseline), ...Object.keys(current)])];
  const change = (name: string) => Math.abs((current[name] ?? 0) - (baseline[name] ?? 0));
  const [most] = names.sort((left, right) => change(right) - change(left));
  if (most === undefined) return "";
  const percent = (share = 0) => `${(share * 100).toFixed(0)} %`;
  return `${most} ${percent(baseline[most])} to ${percent(current[most])}, `;
}

const round = (value: number) => Number(value.toPrecision(3));
const capitalize = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
