// Why a file cannot be sent. One such file must not stop the others.
import { FilePath } from "@sluice/core/label/file-path.ts";
import { type Problem, problem } from "@sluice/labels/format/problem.ts";

export function refusalOf(file: string, size: number, maxBytes = Infinity): Problem | undefined {
  const at = { file };
  if (size === 0) return problem("FILE_EMPTY", at, "The file is empty and was not sent.");
  if (size > maxBytes)
    return problem("FILE_TOO_LARGE", at, `The file has ${size} bytes and was not sent; ${maxBytes} may be.`);
  const parsed = FilePath.safeParse(file);
  if (parsed.success) return undefined;
  return problem("PATH_UNSAFE", at, `The path ${parsed.error.issues[0]!.message}; the file was not sent.`);
}
