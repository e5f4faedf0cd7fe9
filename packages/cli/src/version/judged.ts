// A version whose evaluation runs, waited for.
import { setTimeout as wait } from "node:timers/promises";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import { body, type Client } from "../client.ts";
import { onInterrupt } from "../interrupt.ts";
import { paint } from "../output.ts";

const POLL_MS = 500;

type Named = Pick<ModelVersion, "model" | "version">;

export const getVersion = (api: Client, { model, version }: Named): Promise<ModelVersion> =>
  body(api.versions[":model"][":version"].$get({ param: { model, version } }));

/** As it is once no evaluation of it runs. */
export async function judged(api: Client, named: Named): Promise<ModelVersion> {
  const over = onInterrupt(
    () => `The evaluation goes on: npx sluice versions show ${named.model} ${named.version}`,
  );
  try {
    for (;;) {
      const found = await getVersion(api, named);
      if (found.evaluation !== "running") return found;
      await wait(POLL_MS);
    }
  } finally {
    over();
  }
}

/** `version 1a02fbf2bdee: accuracy 0.9600 on 44 held-out items, accepted` */
export function verdictLine({ version, metrics = {}, status, reason }: ModelVersion): string {
  const [name, value] = Object.entries(metrics).find(([metric]) => /^(accuracy|mAP50)$/.test(metric)) ?? [];
  const figure =
    value === undefined ? "" : `${name} ${value.toFixed(4)} on ${metrics["samples"]} held-out items, `;
  return `version ${version}: ${figure}${status}${reason ? paint("dim", ` (${reason})`) : ""}`;
}
