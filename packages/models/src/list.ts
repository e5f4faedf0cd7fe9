import { pascal } from "./names.ts";
import { DeclarationError } from "./error.ts";
import type { Model } from "./define.ts";

/** Models in name order; two whose resources would share a name are refused. */
export function listModels(models: Model[]): readonly Model[] {
  const seen = new Map<string, string>();
  for (const { name } of models) {
    // CloudFormation-like names are compared without case by SST.
    const resource = pascal(name).toLowerCase();
    const other = seen.get(resource);
    if (other !== undefined) {
      throw new DeclarationError(
        "packages/models/src/index.ts",
        "name",
        `"${name}" collides with the model "${other}"`,
        "Give one of the two another name.",
      );
    }
    seen.set(resource, name);
  }
  return models.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
