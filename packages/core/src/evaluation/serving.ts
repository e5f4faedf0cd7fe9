import { getTraffic } from "../deployment/read.ts";
import { getVersion } from "../version/read.ts";
import type { ModelVersion } from "../version/version.ts";

/** The live version, if it is another one. */
export async function servingVersion({
  model,
  version,
}: Pick<ModelVersion, "model" | "version">): Promise<ModelVersion | undefined> {
  const { version: live } = await getTraffic(model);
  return live && live !== version ? getVersion(model, live) : undefined;
}
