import { Resource } from "sst";
import { SluiceError } from "../error/error.ts";

/** A linked value. `Resource` throws on what is not linked; that becomes an error naming what to link. */
export function linked(resource: string, field: string): string {
  let value: unknown;
  try {
    value = (Resource as unknown as Record<string, Record<string, unknown> | undefined>)[resource]?.[field];
  } catch (error) {
    throw new SluiceError(
      "CONFIGURATION_MISSING",
      `The resource ${resource} is not linked to this function.`,
      {
        cause: error,
        details: { resource },
      },
    );
  }
  if (typeof value === "string" && value !== "") return value;
  throw new SluiceError("CONFIGURATION_MISSING", `The linked resource ${resource} has no "${field}".`, {
    details: { resource, field },
  });
}

export const app = () => ({ name: linked("App", "name"), stage: linked("App", "stage") });
export const tableName = () => linked("Table", "name");
export const busName = () => linked("Bus", "name");
export const buckets = {
  uploads: () => linked("UploadsBucket", "name"),
  results: () => linked("ResultsBucket", "name"),
  artifacts: () => linked("ArtifactsBucket", "name"),
};

/** Whether a bucket is one of the app's own, as far as this function is linked to them. */
export const isLinkedBucket = (name: string) =>
  Object.values(buckets).some((own) => {
    try {
      return own() === name;
    } catch {
      return false;
    }
  });
