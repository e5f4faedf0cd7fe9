import { createHash } from "node:crypto";

export interface Identity {
  bucket: string;
  key: string;
  versionId?: string;
  etag?: string;
  model: string;
}

/** The same object version and model always give the same id, so a repeated event finds its record. */
export function predictionId(of: Identity): string {
  const version = of.versionId && of.versionId !== "null" ? `v:${of.versionId}` : `e:${of.etag ?? ""}`;
  const parts = [of.bucket, of.key, version, of.model, ""];
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return `prd_${digest.slice(0, 32)}`;
}
