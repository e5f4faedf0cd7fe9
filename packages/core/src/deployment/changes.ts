// What a deployment changes, compared with the live one: the version, and each setting of its hosting.
import type { Deployment, Hosting } from "./deployment.ts";

const SETTINGS: Record<Hosting["target"], Array<keyof Hosting>> = {
  serverless: ["memory", "concurrency"],
  realtime: ["instance", "autoscaling"],
  async: ["instance", "autoscaling"],
  local: [],
};

type Served = Pick<Deployment, "version" | "hosting">;

/** `memory 4096 -> 2048`. Empty for a first deployment and for an equal one. */
export function changesBetween(live: Served | undefined, next: Served): string[] {
  if (!live) return [];
  const { target } = next.hosting;
  const line = (name: string, from: unknown, to: unknown) =>
    format(from) === format(to) ? [] : [`${name} ${format(from)} -> ${format(to)}`];
  return [
    ...line("version", live.version, next.version),
    ...line("target", live.hosting.target, target),
    // Settings of another target have no effect.
    ...(target === live.hosting.target ? SETTINGS[target] : []).flatMap((name) =>
      line(name, live.hosting[name], next.hosting[name]),
    ),
  ];
}

const format = (value: unknown): string => {
  const { min, max } = value as Partial<Hosting["autoscaling"]>;
  return min === undefined ? String(value) : `${min} to ${max} instances`;
};
