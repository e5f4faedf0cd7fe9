// Loads the declarations for programs that report a faulty file. Everything else imports index.ts.
import type { Model } from "./define.ts";
import { DeclarationError } from "./error.ts";

const INDEX = new URL("./index.ts", import.meta.url).href;

/** Throws a DeclarationError for any fault: an invalid field, a syntax error, an import that fails. */
export async function loadModels(index = INDEX): Promise<readonly Model[]> {
  try {
    return ((await import(index)) as typeof import("./index.ts")).models;
  } catch (error) {
    throw error instanceof DeclarationError ? error : loadError(error as Error, index);
  }
}

function loadError({ message, stack = "", name }: Error, index: string): DeclarationError {
  const [problem, importer] = message.split(" imported from ");
  // Node puts the place before the message, or in the first line of the trace.
  const [, file, line] = /(file:\/\/\S+?):(\d+)/.exec(stack.replaceAll(/node:[^\s)]+/g, "")) ?? [];
  const what = name === "SyntaxError" ? "has a syntax error" : "cannot be loaded";
  const fix =
    (file ?? importer) ? "Correct the file." : "Correct the file that it imports and that has this error.";
  return new DeclarationError(
    importer?.split(/[\s\n]/)[0] ?? file ?? index,
    "",
    `${what}: ${problem!.replaceAll(/\s+/g, " ").replace(/\.$/, "")}`,
    fix,
    importer ? undefined : line,
  );
}
