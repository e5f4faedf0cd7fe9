import { CustomAttributeType, Entity, type EntityItem } from "electrodb";
import type { ImportProblem } from "../label/import.ts";
import { primary, service } from "../table.ts";

export type FileProblem = Pick<ImportProblem, "code" | "message" | "fix">;

/** The result of a file inspection, valid for its ETag. Same partitions and order as the labels. */
export const FileMetadataEntity = new Entity({
  // Stored items contain this name.
  model: { entity: "fact", version: "1", service },
  attributes: {
    model: { type: "string", required: true },
    shard: { type: "string", required: true },
    key: { type: "string", required: true },
    etag: { type: "string", required: true },
    size: { type: "number", required: true },
    /** SHA-256 of the content, or of a text's normalized wording: the first 32 hex digits. */
    hash: { type: "string" },
    /** The perceptual hash, 16 hex digits. */
    looks: { type: "string" },
    /** The camera's time, epoch ms. */
    takenAt: { type: "number" },
    width: { type: "number" },
    height: { type: "number" },
    /** Why the file cannot be used. */
    problem: { type: CustomAttributeType<FileProblem>("any") },
  },
  indexes: {
    byKey: primary(["model", "shard"], ["key"]),
  },
});
export type FileMetadata = EntityItem<typeof FileMetadataEntity>;
