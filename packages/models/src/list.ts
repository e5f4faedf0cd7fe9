import { pascal } from "./names.ts";
import { DeclarationError } from "./error.ts";
import type { Model } from "./define.ts";

/** Sorts models by name. Throws when the resources of two models would have the same name. */
export function listModels(models: Model[]): readonly Model[] {
  const seen = new Map<string, string>();
  for (const { name } of models) {
    // SST compares names without case.
    const resource = pascal(name).toLowerCase();
    const other = seen.get(resource);
    if (other !== undefined) {
      throw new DeclarationError(
        "packages/models/src/index.ts",
        "name",
        name === other ? `"${name}" is declared twice` : `"${name}" collides with the model "${other}"`,
        "Rename one of them.",
      );
    }
    seen.set(resource, name);
  }
  return models.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
