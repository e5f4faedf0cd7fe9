import { traffic } from "../deployment/read.ts";
import { fromVersion } from "../version/read.ts";
import type { ModelVersion } from "../version/version.ts";

/** The version that serves now, if it is another one. */
export async function serving({
  model,
  version,
}: Pick<ModelVersion, "model" | "version">): Promise<ModelVersion | undefined> {
  const { version: live } = await traffic(model);
  return live && live !== version ? fromVersion(model, live) : undefined;
}
