// A model that declares monitoring, with the version that serves it.
import { byName, type Model } from "@sluice/models/index.ts";
import { SluiceError } from "../error/error.ts";
import { getTraffic } from "../deployment/read.ts";
import { type DeclaredModel, getModel } from "../model/model.ts";
import { findVersion } from "../version/read.ts";
import type { ModelVersion } from "../version/version.ts";

export type Monitoring = NonNullable<Model["monitoring"]>;

export interface Monitored {
  model: DeclaredModel;
  monitoring: Monitoring;
}

export interface Served extends Monitored {
  version: ModelVersion;
  endpoint: string;
}

export function getMonitored(name: string): Monitored {
  const model = getModel(name);
  const monitoring = byName(name)?.monitoring;
  if (monitoring) return { model, monitoring };
  throw new SluiceError("MONITORING_UNDECLARED", `The model "${name}" declares no monitoring.`, {
    details: { model: name },
  });
}

/** Undefined without a live version of this app: its captures cannot be told apart by version. */
export async function findServed(monitored: Monitored): Promise<Served | undefined> {
  const { model } = monitored;
  const traffic = await getTraffic(model.name);
  const version = traffic.version && (await findVersion(model.name, traffic.version));
  return version ? { ...monitored, version, endpoint: traffic.endpoint ?? model.endpoint } : undefined;
}

export async function getServed(name: string): Promise<Served> {
  const served = await findServed(getMonitored(name));
  if (served) return served;
  throw new SluiceError("LIVE_VERSION_MISSING", `No version of ${name} is live, so nothing is monitored.`);
}
