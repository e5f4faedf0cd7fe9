// Whether an endpoint answers a known input as the version's package must, in the version's name.
import { buckets } from "../aws/link.ts";
import { toSluiceError } from "../error/error.ts";
import { invoke } from "../inference/invoke.ts";
import { real } from "../inference/retry.ts";
import { fetchObject } from "../object/fetch.ts";
import type { ModelVersion } from "../version/version.ts";
import type { Hosting } from "./deployment.ts";
import { bareOf } from "../traffic/traffic.ts";

/** A cold container answers within its 60 s, and may be tried again. */
const patienceMs = 100_000;
const maxBytes = 6_291_456;

/** What is wrong, or nothing. Only what may pass is thrown. */
export async function smoke(
  endpoint: string,
  found: ModelVersion,
  target: Hosting["target"],
): Promise<string | undefined> {
  const { model, version, about, sample } = found;
  const bare = bareOf(found);
  const input = { bucket: buckets.artifacts(), key: sample!.key };
  const { bytes } = await fetchObject(input, maxBytes);
  try {
    const { answer } = await invoke(
      {
        endpoint,
        task: about.task,
        bytes,
        contentType: sample!.contentType,
        inferenceId: `smoke-${version}`,
        deadline: real.now() + patienceMs,
        stored: target === "async" ? input : undefined,
        bare: bare && { model, version, classes: bare },
      },
      real,
    );
    if (answer.version !== version) return `${endpoint} answers as ${answer.version}, not as ${version}.`;
    const said = "predictions" in answer ? answer.predictions : answer.detections;
    const strange = said.find((one) => !about.classes.includes(one.class));
    return strange && `${endpoint} answers a class "${strange.class}" that its package does not name.`;
  } catch (thrown) {
    const error = toSluiceError(thrown);
    if (error.retryable) throw error;
    return `${error.code}: ${error.message}`;
  }
}
