// Finds the predictions of an object by its key. Their ids follow from the object's versions.
import { ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { db } from "../db.ts";
import { listModels } from "../model/model.ts";
import { storageError } from "../object/fetch.ts";
import { predictionId } from "../prediction/id.ts";
import type { Node } from "./node.ts";

/** The newest versions of an object that are searched. */
const MAX_VERSIONS = 20;

/** `s3://bucket/key`. `ours`: the bucket is that of uploads. */
export function parseUri(text: string): { key: string; ours: boolean } | undefined {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(text) ?? [];
  return bucket && key ? { key, ours: bucket === buckets.uploads() } : undefined;
}

export async function predictionsOf(key: string): Promise<Node[]> {
  const models = listModels().filter(({ accepts }) =>
    accepts.prefixes.some((prefix) => key.startsWith(prefix)),
  );
  if (models.length === 0) return [];
  const bucket = buckets.uploads();
  const { Versions = [] } = await s3()
    .send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, MaxKeys: MAX_VERSIONS }))
    .catch((error: unknown) => {
      throw storageError(error, "s3:ListBucketVersions", bucket, key);
    });
  const ids = Versions.filter(({ Key }) => Key === key).flatMap(({ VersionId, ETag }) =>
    models.map(({ name: model }) => {
      const etag = ETag?.replaceAll('"', "");
      return { model, id: predictionId({ bucket, key, versionId: VersionId, etag, model }) };
    }),
  );
  if (ids.length === 0) return [];
  const { data } = await db()
    .entities.prediction.get(ids.map(({ id }) => ({ id })))
    .go();
  return data.map(({ id, model }) => ({ kind: "prediction", model, id }));
}
