// A package becomes a version: looked into, kept under the digest of its content, written down with where it came from.
import { db } from "../db.ts";
import type { Kept } from "../event/about.ts";
import { commit } from "../event/record.ts";
import { model as modelNamed } from "../model/model.ts";
import { defined } from "../util/defined.ts";
import { checkFit } from "./about.ts";
import { inspect } from "./archive.ts";
import { keep, open, type Place } from "./package.ts";
import { keepSample } from "./sample.ts";
import { type About, ModelVersion } from "./version.ts";

/** Of a digest: told apart by 48 bits, among the versions of one model. */
const versionDigits = 12;
export const notEvaluated = "Not evaluated: it was brought, and nobody has named a dataset to judge it by.";

export type Origin = Pick<
  ModelVersion,
  "model" | "source" | "run" | "code" | "dataset" | "datasetDigest" | "hyperparameters"
>;

/** What is known without looking into it, and how it was judged by whoever trained it. */
export interface Judged {
  about: About;
  verdict(version: string): Promise<Pick<ModelVersion, "status" | "reason" | "metrics">>;
}

/** The same content again is the same version, and nothing changes. */
export async function register(
  from: Place,
  origin: Origin,
  now: number,
  judged?: Judged,
): Promise<ModelVersion> {
  const model = modelNamed(origin.model);
  const { digest, about, bytes } = await inspect(await open(from), judged?.about);
  checkFit(about, model);
  const version = digest.slice(0, versionDigits);
  const known = await read(model.name, version);
  if (known) return known;
  const packageUri = await keep(from, model.name, digest);
  const sample = await keepSample({ model: model.name, digest, task: about.task }, origin.dataset);
  const at = new Date(now).toISOString();
  const verdict = async (): Promise<Pick<ModelVersion, "evaluation" | "status" | "reason" | "metrics">> => {
    if (judged) return { evaluation: "done", ...(await judged.verdict(version)) };
    if (origin.source === "training") return { evaluation: "none", status: "evaluating" };
    return { evaluation: "none", status: "accepted", reason: notEvaluated };
  };
  const item: ModelVersion = defined({
    ...origin,
    version,
    digest,
    packageUri,
    bytes,
    about,
    sample,
    ...(await verdict()),
    createdAt: at,
    changedAt: at,
  });
  const { status } = item;
  const decided = status === "accepted" || status === "refused";
  const events = [
    told("version.registered", item, now),
    ...(decided ? [told(`version.${status}`, item, now)] : []),
  ];
  const first = await commit(events, now, ({ modelVersion }) => [modelVersion.create(item).commit()]);
  return first ? item : (await read(model.name, version))!;
}

type VersionEvent = "version.registered" | "version.accepted" | "version.refused";

export function told(type: VersionEvent, version: ModelVersion, now: number): Kept {
  return { type, detail: { ...version, changedAt: new Date(now).toISOString() } };
}

async function read(model: string, version: string): Promise<ModelVersion | undefined> {
  const { data } = await db().entities.modelVersion.get({ model, version }).go({ consistent: true });
  return data ? ModelVersion.parse(data) : undefined;
}
