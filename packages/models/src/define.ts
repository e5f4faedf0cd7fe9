import type { z } from "zod";
import { DeclarationError } from "./error.ts";
import { declarationError } from "./issue.ts";
import { REALTIME_REQUEST_BYTES, SERVERLESS_REQUEST_BYTES } from "./limits.ts";
import { type Dataset, Declaration as Schema } from "./schema.ts";

export type { Task } from "./schema.ts";
type Declaration = z.output<typeof Schema>;

const IMAGES = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/tiff"];
const TEXTS = ["text/plain", "application/json"];

/** A declared model with all defaults. `Class` is the union of its class names. */
export interface Model<Class extends string = string> extends Omit<Declaration, "classes" | "accepts"> {
  classes: readonly Class[];
  accepts: { prefixes: string[]; contentTypes: string[]; maxBytes: number; maxPixels: number };
}

export type Definition<Class extends string> = Omit<
  z.input<typeof Schema>,
  "classes" | "gate" | "dataset"
> & {
  classes: readonly Class[];
  gate?: { threshold?: number; perClass?: Partial<Record<Class, number>> };
  dataset?: Omit<NonNullable<z.input<typeof Dataset>>, "caps"> & {
    caps?: Partial<Record<Class, number>>;
  };
};

/** `file` is the declaring module's `import.meta.url`, for errors. */
export function defineModel<const Class extends string>(
  file: string,
  definition: Definition<Class>,
): Model<Class> {
  const parsed = Schema.safeParse(definition, { reportInput: true });
  if (!parsed.success) throw declarationError(file, parsed.error.issues);
  const model = complete(parsed.data);
  const unknown = unknownClass(model);
  if (unknown) throw new DeclarationError(file, unknown.field, unknown.problem, unknown.fix);
  return model as Model<Class>;
}

function complete(declared: Declaration): Model {
  const { accepts, hosting, task } = declared;
  const requestBytes = hosting.target === "serverless" ? SERVERLESS_REQUEST_BYTES : REALTIME_REQUEST_BYTES;
  return {
    ...declared,
    accepts: {
      prefixes: accepts.prefixes ?? [`uploads/${declared.name}/`],
      contentTypes: accepts.contentTypes ?? (task === "text-classification" ? TEXTS : IMAGES),
      maxBytes: accepts.maxBytes ?? requestBytes,
      maxPixels: accepts.maxPixels,
    },
  };
}

function unknownClass({ classes, gate, dataset }: Model) {
  const byField = { "gate.perClass": gate.perClass, "dataset.caps": dataset.caps };
  for (const [field, byClass] of Object.entries(byField)) {
    const stray = Object.keys(byClass).find((name) => !classes.includes(name));
    if (stray === undefined) continue;
    return {
      field: `${field}.${stray}`,
      problem: `"${stray}" is not one of the model's classes`,
      fix: `Use one of: ${classes.join(", ")}.`,
    };
  }
  return undefined;
}
