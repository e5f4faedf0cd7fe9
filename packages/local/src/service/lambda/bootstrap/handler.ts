// Loads the handler, and converts its errors to Lambda's error objects.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export type Handler = (event: unknown, ...rest: unknown[]) => unknown;

export interface Failure {
  errorType: string;
  errorMessage: string;
  trace: string[];
}

export async function loadHandler(folder: string, handler: string): Promise<Handler> {
  const [module, name] = handler.split(".") as [string, string];
  const file = pathToFileURL(join(folder, `${module}.mjs`)).href;
  const exports = await import(file).catch((error: unknown) => {
    const syntax = error instanceof SyntaxError;
    throw named(syntax ? "Runtime.UserCodeSyntaxError" : "Runtime.ImportModuleError", String(error), error);
  });
  const found: unknown = exports[name];
  if (typeof found !== "function")
    throw named(
      "Runtime.HandlerNotFound",
      `${handler} is ${found === undefined ? "undefined" : "not a function"} or not exported`,
    );
  return found as Handler;
}

function named(name: string, message: string, cause?: unknown) {
  const error = new Error(message, { cause });
  error.name = name;
  if (cause instanceof Error && cause.stack) error.stack = cause.stack;
  return error;
}

export function describe(thrown: unknown): Failure {
  if (thrown instanceof Error)
    return {
      errorType: thrown.name,
      errorMessage: thrown.message,
      trace: (thrown.stack ?? "").split("\n"),
    };
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}
