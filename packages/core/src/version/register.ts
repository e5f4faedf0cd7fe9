// Registers a package as a version: inspects it, stores it under the digest of its content, and records its origin.
import { db } from "../db.ts";
import { commit } from "../event/record.ts";
import { getModel } from "../model/model.ts";
import { withoutUndefined } from "../util/without-undefined.ts";
import { checkPackageMatchesModel } from "./manifest.ts";
import { inspectArchive } from "./archive.ts";
import { openPackage, storePackage, type ObjectLocation } from "./package.ts";
import { storeSample } from "./sample.ts";
import { changedEvent } from "./version.event.ts";
import { type PackageManifest, ModelVersion } from "./version.ts";

/** 48 bits of the digest distinguish the versions of a model. */
const VERSION_DIGITS = 12;
const notEvaluated = "Not evaluated: uploaded without a dataset to evaluate it on.";

export type VersionOrigin = Pick<
  ModelVersion,
  "model" | "source" | "run" | "code" | "dataset" | "datasetDigest" | "hyperparameters"
>;

/** A package that its training algorithm described and evaluated itself. */
export interface SelfEvaluated {
  manifest: PackageManifest;
  decide(version: string): Promise<Pick<ModelVersion, "status" | "reason" | "metrics">>;
}

/** The same content is the same version: registering it again changes nothing. */
export async function registerVersion(
  from: ObjectLocation,
  origin: VersionOrigin,
  now: number,
  selfEvaluated?: SelfEvaluated,
): Promise<ModelVersion> {
  const model = getModel(origin.model);
  const { digest, manifest, bytes } = await inspectArchive(await openPackage(from), selfEvaluated?.manifest);
  checkPackageMatchesModel(manifest, model);
  const version = digest.slice(0, VERSION_DIGITS);
  const existing = await read(model.name, version);
  if (existing) return existing;
  const packageUri = await storePackage(from, model.name, digest);
  const sample = await storeSample({ model: model.name, digest, task: manifest.task }, origin.dataset);
  const at = new Date(now).toISOString();
  const item: ModelVersion = withoutUndefined({
    ...origin,
    version,
    digest,
    packageUri,
    bytes,
    manifest,
    sample,
    ...(await initialStatus(version, origin, selfEvaluated)),
    createdAt: at,
    changedAt: at,
  });
  const { status } = item;
  const events = [
    changedEvent("version.registered", item, now),
    ...(status === "accepted" || status === "refused" ? [changedEvent(`version.${status}`, item, now)] : []),
  ];
  const written = await commit(events, now, ({ modelVersion }) => [modelVersion.create(item).commit()]);
  return written ? item : (await read(model.name, version))!;
}

async function initialStatus(
  version: string,
  { source }: VersionOrigin,
  selfEvaluated: SelfEvaluated | undefined,
): Promise<Pick<ModelVersion, "evaluation" | "status" | "reason" | "metrics">> {
  if (selfEvaluated) return { evaluation: "done", ...(await selfEvaluated.decide(version)) };
  if (source === "training") return { evaluation: "none", status: "evaluating" };
  return { evaluation: "none", status: "accepted", reason: notEvaluated };
}

async function read(model: string, version: string): Promise<ModelVersion | undefined> {
  const { data } = await db().entities.modelVersion.get({ model, version }).go({ consistent: true });
  return data ? ModelVersion.parse(data) : undefined;
}
