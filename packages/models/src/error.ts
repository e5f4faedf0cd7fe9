import path from "node:path";
import { fileURLToPath } from "node:url";

/** An invalid model declaration, with its file, its field and a fix. */
export class DeclarationError extends Error {
  readonly code = "MODEL_DECLARATION_INVALID";
  readonly file: string;
  /** Empty for a file that cannot be loaded. */
  readonly field: string;
  readonly fix: string;

  constructor(file: string, field: string, problem: string, fix: string, line?: string) {
    const shown = path.relative(process.cwd(), file.startsWith("file:") ? fileURLToPath(file) : file);
    super(`${shown}${line ? `:${line}` : ""}: ${field && `\`${field}\` `}${problem}. ${fix}`);
    this.name = "DeclarationError";
    this.file = shown;
    this.field = field;
    this.fix = fix;
  }
}
