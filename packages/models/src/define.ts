import type { z } from "zod";
import { DeclarationError } from "./error.ts";
import { type Dataset, Declaration as Schema } from "./schema.ts";

export type Task = Declaration["task"];
type Declaration = z.output<typeof Schema>;

const IMAGES = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/tiff"];
const TEXTS = ["text/plain", "application/json"];

/** What a serverless endpoint takes in one request. */
const SERVERLESS_BYTES = 4_194_304;
const REALTIME_BYTES = 6_291_456;

/** A declared model, every default filled in. `Class` is the union of its class names. */
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

/** `file` is the declaring module's `import.meta.url`, so that an error can name it. */
export function defineModel<const Class extends string>(
  file: string,
  definition: Definition<Class>,
): Model<Class> {
  const parsed = Schema.safeParse(definition);
  if (!parsed.success) throw DeclarationError.fromIssues(file, parsed.error.issues);
  const model = complete(parsed.data);
  const unknown = unknownClass(model);
  if (unknown) throw new DeclarationError(file, unknown.field, unknown.problem, unknown.fix);
  return model as Model<Class>;
}

function complete(declared: Declaration): Model {
  const { accepts, hosting, task } = declared;
  const bound = hosting.target === "serverless" ? SERVERLESS_BYTES : REALTIME_BYTES;
  return {
    ...declared,
    accepts: {
      prefixes: accepts.prefixes ?? [`uploads/${declared.name}/`],
      contentTypes: accepts.contentTypes ?? (task === "text-classification" ? TEXTS : IMAGES),
      maxBytes: accepts.maxBytes ?? bound,
      maxPixels: accepts.maxPixels,
    },
  };
}

function unknownClass({ classes, gate, dataset }: Model) {
  const places = { "gate.perClass": gate.perClass, "dataset.caps": dataset.caps };
  for (const [field, byClass] of Object.entries(places)) {
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
