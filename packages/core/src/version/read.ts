import * as z from "zod";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import { fn } from "../util/fn.ts";
import { pageOf } from "../util/page.ts";
import { ModelVersion, VersionStatus } from "./version.ts";

export const ListQuery = z.object({
  model: z.string(),
  status: VersionStatus.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().optional(),
});

/** A model's versions, newest first. */
export const listVersions = fn(ListQuery, async ({ model, status, limit, cursor }) => {
  getModel(model);
  const query = db()
    .entities.modelVersion.query.byTime({ model })
    .where((is, { eq }) => (status ? eq(is.status, status) : ""));
  return pageOf(query, { limit, cursor, order: "desc" }, (item) => ModelVersion.parse(item));
});

/** Undefined for an unknown version: a custom container may respond with any text. */
export async function findVersion(model: string, version: string): Promise<ModelVersion | undefined> {
  const { data } = await db().entities.modelVersion.get({ model, version }).go();
  return data ? ModelVersion.parse(data) : undefined;
}

/** Accepts a unique prefix of a version, and `latest`. */
export async function getVersion(model: string, version: string): Promise<ModelVersion> {
  getModel(model);
  const exact = await findVersion(model, version);
  if (exact) return exact;
  const found =
    version === "latest"
      ? (await db().entities.modelVersion.query.byTime({ model }).go({ order: "desc", limit: 1 })).data
      : (await db().entities.modelVersion.query.byVersion({ model }).begins({ version }).go({ limit: 2 }))
          .data;
  if (found.length === 1) return ModelVersion.parse(found[0]);
  const what =
    found.length > 1
      ? `More than one version of ${model} starts with "${version}".`
      : version === "latest"
        ? `${model} has no version yet.`
        : `${model} has no version ${version}.`;
  throw new SluiceError("VERSION_UNKNOWN", what, { details: { model, version } });
}
