// Parses S3 events from EventBridge. Their keys are not URL-encoded: decoding would change `a%20b`.
import * as z from "zod";
import { invalidInput, SluiceError } from "../error/error.ts";
import type { Source } from "../prediction/prediction.ts";

const ObjectCreated = z.object({
  "detail-type": z.literal("Object Created"),
  source: z.literal("aws.s3"),
  time: z.string(),
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({
      key: z.string().min(1),
      size: z.number().optional(),
      etag: z.string().optional(),
      "version-id": z.string().optional(),
      sequencer: z.string().optional(),
    }),
  }),
});

export interface Arrival {
  source: Source;
  /** ISO instant of the upload. */
  uploadedAt: string;
}

export function parseArrival(body: string): Arrival {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    throw new SluiceError("EVENT_INVALID", "The message is not JSON.", { cause: error });
  }
  const parsed = ObjectCreated.safeParse(json);
  if (!parsed.success) throw invalidInput(parsed.error, "EVENT_INVALID");
  const { time, detail } = parsed.data;
  const { key, size, etag } = detail.object;
  const uploaded = Date.parse(time);
  if (Number.isNaN(uploaded)) throw new SluiceError("EVENT_INVALID", `time: "${time}" is not a date.`);
  const versionId = detail.object["version-id"];
  return {
    source: { bucket: detail.bucket.name, key, versionId, etag: etag?.replaceAll('"', ""), size },
    uploadedAt: new Date(uploaded).toISOString(),
  };
}

/** Builds the event of a prediction that waited for its endpoint. */
export function arrivalMessage({ source, uploadedAt }: Arrival): string {
  const { key, size, etag, versionId } = source;
  const object = { key, size, etag, "version-id": versionId };
  return JSON.stringify({
    "detail-type": "Object Created",
    source: "aws.s3",
    time: uploadedAt,
    detail: { bucket: { name: source.bucket }, object },
  });
}

/** The S3 console creates a folder as an empty object whose key ends in `/`. */
export const isFolderMarker = ({ source }: Arrival) => source.key.endsWith("/") && (source.size ?? 0) === 0;
