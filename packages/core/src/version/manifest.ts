// The part of sluice.json that is used outside the engine, and its check against the declaration.
import * as z from "zod";
import { invalidInput, SluiceError } from "../error/error.ts";
import type { DeclaredModel } from "../model/model.ts";
import { Task } from "../prediction/prediction.ts";
import type { PackageManifest } from "./version.ts";

const Manifest = z.looseObject({
  format: z.literal(1),
  task: Task,
  classes: z.array(z.string()).min(1),
  input: z.looseObject({ width: z.number().optional(), height: z.number().optional() }),
  output: z.looseObject({ head: z.string() }),
  datasetDigest: z.string().optional(),
});

export function parseManifest(text: string): PackageManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new SluiceError("PACKAGE_INVALID", `sluice.json is not JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
  const parsed = Manifest.safeParse(json);
  if (!parsed.success)
    throw new SluiceError("PACKAGE_INVALID", `sluice.json: ${invalidInput(parsed.error).message}`);
  const { task, classes, input, output } = parsed.data;
  return { task, classes, head: output.head, width: input.width, height: input.height };
}

/** An undeclared class could not be gated or counted. */
export function checkPackageMatchesModel({ task, classes }: PackageManifest, model: DeclaredModel): void {
  if (task !== model.task)
    throw new SluiceError(
      "PACKAGE_MISMATCH",
      `The package is for ${task}; ${model.name} is declared ${model.task}.`,
    );
  const undeclared = classes.filter((name) => !model.classes.includes(name));
  if (undeclared.length === 0) return;
  const some = undeclared.slice(0, 5).join(", ") + (undeclared.length > 5 ? " ..." : "");
  throw new SluiceError(
    "PACKAGE_MISMATCH",
    `The package has classes that ${model.name} does not declare: ${some}.`,
    {
      details: { declared: model.classes, package: classes },
    },
  );
}
