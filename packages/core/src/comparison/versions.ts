// Which versions a report compares, and since when they share the traffic.
import { byName } from "@sluice/models/index.ts";
import { db } from "../db.ts";
import { getVersion } from "../version/read.ts";

const DEFAULT_MAX_ERROR_RATE = 0.05;

export interface ComparedVersions {
  /** Absent when the endpoint was not created by this app. */
  current?: string;
  candidate?: string;
  /** The start of the traffic shift. */
  since?: string;
  target: string;
  maxErrorRate: number;
}

/** `requested`: unique prefixes of two versions. */
export async function findVersions(
  model: string,
  requested: string[] | undefined,
): Promise<ComparedVersions> {
  const { data: traffic } = await db().entities.traffic.get({ model }).go();
  const common = {
    target: traffic?.target ?? byName(model)!.hosting.target,
    maxErrorRate: DEFAULT_MAX_ERROR_RATE,
  };
  if (requested) {
    const [current, candidate] = await Promise.all(requested.map((version) => getVersion(model, version)));
    return { ...common, current: current!.version, candidate: candidate!.version };
  }
  const { version, candidate, deployment: id } = traffic ?? {};
  if (!candidate || !id) return { ...common, current: version };
  const { data: deployment } = await db().entities.deployment.get({ id }).go();
  return {
    ...common,
    current: version,
    candidate: candidate.version,
    since: deployment?.times.find(({ step }) => step === "shifting")?.at ?? candidate.since,
    maxErrorRate: deployment?.shift?.maxErrorRate ?? DEFAULT_MAX_ERROR_RATE,
  };
}
