// Checks that an endpoint responds to a known input, with the right version and only the package's classes.
import { buckets } from "../aws/link.ts";
import { toSluiceError } from "../error/error.ts";
import { invokeEndpoint } from "../inference/invoke.ts";
import { fetchObject } from "../object/fetch.ts";
import { probabilityClassesOf } from "../traffic/traffic.ts";
import { systemRuntime } from "../util/runtime.ts";
import { REALTIME_REQUEST_BYTES } from "@sluice/models/limits.ts";
import type { ModelVersion } from "../version/version.ts";
import type { Hosting } from "./deployment.ts";

/** A cold container responds within 60 s, and one retry follows. */
const TIMEOUT_MS = 100_000;

/** Returns the problem, if any. Throws only transient errors. */
export async function smokeTest(
  endpoint: string,
  found: ModelVersion,
  target: Hosting["target"],
): Promise<string | undefined> {
  const { model, version, manifest, sample } = found;
  const classes = probabilityClassesOf(found);
  const input = { bucket: buckets.artifacts(), key: sample!.key };
  const { bytes } = await fetchObject(input, REALTIME_REQUEST_BYTES);
  try {
    const { response } = await invokeEndpoint(
      {
        endpoint,
        task: manifest.task,
        bytes,
        contentType: sample!.contentType,
        inferenceId: `smoke-${version}`,
        deadline: systemRuntime.now() + TIMEOUT_MS,
        stored: target === "async" ? input : undefined,
        probabilityList: classes && { model, version, classes },
      },
      systemRuntime,
    );
    if (response.version !== version)
      return `${endpoint} responds as version ${response.version}, not as ${version}.`;
    const findings = "predictions" in response ? response.predictions : response.detections;
    const unknown = findings.find((one) => !manifest.classes.includes(one.class));
    return unknown && `${endpoint} returned the class "${unknown.class}", which its package does not have.`;
  } catch (thrown) {
    const error = toSluiceError(thrown);
    if (error.retryable) throw error;
    return `${error.code}: ${error.message}`;
  }
}
