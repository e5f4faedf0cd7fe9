import { Resource } from "sst";
import { SluiceError } from "../error/error.ts";

/** A value of a linked resource. An error names the resource that is not linked. */
export function linked(resource: string, field: string): string {
  const value = linkedOption(resource, field);
  if (value !== undefined) return value;
  throw new SluiceError("CONFIGURATION_MISSING", `The linked resource ${resource} has no "${field}".`, {
    details: { resource, field },
  });
}

/** The same for a field that a deployment may leave out. */
export function linkedOption(resource: string, field: string): string | undefined {
  try {
    const value = (Resource as unknown as Record<string, Record<string, unknown> | undefined>)[resource]?.[
      field
    ];
    return typeof value === "string" && value !== "" ? value : undefined;
  } catch (error) {
    throw new SluiceError(
      "CONFIGURATION_MISSING",
      `The resource ${resource} is not linked to this function.`,
      { cause: error, details: { resource } },
    );
  }
}

export const appStage = () => ({ app: linked("App", "name"), stage: linked("App", "stage") });
export const tableName = () => linked("Table", "name");
export const busName = () => linked("Bus", "name");
export const buckets = {
  uploads: () => linked("UploadsBucket", "name"),
  results: () => linked("ResultsBucket", "name"),
  artifacts: () => linked("ArtifactsBucket", "name"),
};

/** True for a bucket of the app that this function is linked to. */
export const isLinkedBucket = (name: string) =>
  Object.values(buckets).some((own) => {
    try {
      return own() === name;
    } catch {
      return false;
    }
  });
