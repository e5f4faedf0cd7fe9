import { traffic } from "../deployment/read.ts";
import { fromVersion } from "../version/read.ts";
import type { ModelVersion } from "../version/version.ts";

/** The live version, if it is another one. */
export async function servingVersion({
  model,
  version,
}: Pick<ModelVersion, "model" | "version">): Promise<ModelVersion | undefined> {
  const { version: live } = await traffic(model);
  return live && live !== version ? fromVersion(model, live) : undefined;
}
