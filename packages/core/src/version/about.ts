// As much of sluice.json as matters outside the engine, and whether it fits the declaration.
import * as z from "zod";
import { invalidInput, SluiceError } from "../error/error.ts";
import type { Declared } from "../model/model.ts";
import { Task } from "../prediction/prediction.ts";
import type { About } from "./version.ts";

const Manifest = z.looseObject({
  format: z.literal(1),
  task: Task,
  classes: z.array(z.string()).min(1),
  input: z.looseObject({ width: z.number().optional(), height: z.number().optional() }),
  output: z.looseObject({ head: z.string() }),
  datasetDigest: z.string().optional(),
});

export function parseAbout(text: string): About {
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

/** A class the model is not declared to have would be counted, gated and shown nowhere. */
export function checkFit({ task, classes }: About, model: Declared): void {
  if (task !== model.task)
    throw new SluiceError(
      "PACKAGE_MISMATCH",
      `The package does ${task}; ${model.name} is declared ${model.task}.`,
    );
  const strange = classes.filter((name) => !model.classes.includes(name));
  if (strange.length === 0) return;
  const some = strange.slice(0, 5).join(", ") + (strange.length > 5 ? " ..." : "");
  throw new SluiceError("PACKAGE_MISMATCH", `${model.name} declares no class ${some}; the package has it.`, {
    details: { declared: model.classes, package: classes },
  });
}
