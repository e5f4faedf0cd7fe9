import { FilePath } from "@sluice/core/label/file-path.ts";
import { type Problem, createProblem } from "@sluice/labels/format/problem.ts";

/** Why a file cannot be uploaded. Such a file does not stop the upload of the others. */
export function checkFile(file: string, size: number, maxBytes = Infinity): Problem | undefined {
  const at = { file };
  if (size === 0) return createProblem("FILE_EMPTY", at, "The file is empty and was not uploaded.");
  if (size > maxBytes)
    return createProblem(
      "FILE_TOO_LARGE",
      at,
      `The file has ${size} bytes and was not uploaded. The maximum is ${maxBytes}.`,
    );
  const parsed = FilePath.safeParse(file);
  if (parsed.success) return undefined;
  return createProblem(
    "PATH_UNSAFE",
    at,
    `The path ${parsed.error.issues[0]!.message}; the file was not uploaded.`,
  );
}
