// Where the time went: one bar for each step, one after the other.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { Panel } from "../../component/panel.tsx";
import { duration } from "../../format/time.ts";

const NAMES: Record<string, string> = {
  queueMs: "in the queue",
  fetchMs: "read from S3",
  checkMs: "checked",
  invokeMs: "at the endpoint",
  storeMs: "result stored",
};
const INSIDE: Record<string, string> = {
  decodeMs: "decoded",
  preprocessMs: "prepared",
  inferenceMs: "inference",
  postprocessMs: "read out",
};

interface Step {
  name: string;
  ms: number;
  from: number;
  inside: boolean;
}

export function Steps({ prediction: { timings } }: { prediction: Prediction }) {
  if (!timings) return null;
  const { engine, ...own } = timings;
  const steps: Step[] = [];
  let at = 0;
  for (const [key, name] of Object.entries(NAMES)) {
    const ms = own[key as keyof typeof own];
    if (ms === undefined) continue;
    steps.push({ name, ms, from: at, inside: false });
    if (key === "invokeMs") {
      let within = at;
      for (const [part, said] of Object.entries(INSIDE)) {
        const spent = engine?.[part as keyof typeof engine];
        if (spent === undefined) continue;
        steps.push({ name: said, ms: spent, from: within, inside: true });
        within += spent;
      }
    }
    at += ms;
  }
  const whole = Math.max(at, 1);
  return (
    <Panel
      title="Steps"
      aside={timings.totalMs !== undefined && `${duration(timings.totalMs)} from claim to result`}
    >
      <ol class="steps">
        {steps.map(({ name, ms, from, inside }) => (
          <li key={name} class={inside ? "inside" : ""}>
            <span>{name}</span>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              <rect x={(from / whole) * 100} width={Math.max(0.6, (ms / whole) * 100)} height="10" />
            </svg>
            <span class="number">{ms < 10 ? `${Number(ms.toFixed(1))} ms` : duration(ms)}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
