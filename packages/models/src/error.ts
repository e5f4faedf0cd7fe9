import type { z } from "zod";
import path from "node:path";
import { fileURLToPath } from "node:url";

type Issue = z.core.$ZodIssue;

/** An invalid model declaration, with its file, its field and a fix. */
export class DeclarationError extends Error {
  readonly code = "MODEL_DECLARATION_INVALID";
  readonly file: string;
  readonly field: string;
  readonly fix: string;

  constructor(file: string, field: string, problem: string, fix: string) {
    const shown = path.relative(process.cwd(), file.startsWith("file:") ? fileURLToPath(file) : file);
    super(`${shown}: \`${field}\` ${problem}. ${fix}`);
    this.name = "DeclarationError";
    this.file = shown;
    this.field = field;
    this.fix = fix;
  }

  static fromIssues(file: string, issues: Issue[]): DeclarationError {
    const issue = issues[0]!;
    const field = [...issue.path, ...(issue.code === "unrecognized_keys" ? [issue.keys[0]!] : [])].join(".");
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more after it)` : "";
    const problem = issue.code === "unrecognized_keys" ? "is not a known field" : lower(issue.message);
    return new DeclarationError(file, field || "(whole declaration)", problem + more, fix(issue, field));
  }
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function fix(issue: Issue, field: string): string {
  switch (issue.code) {
    case "unrecognized_keys":
      return "Remove it, or check its spelling.";
    case "invalid_value":
      return `Write one of: ${issue.values.map((value) => JSON.stringify(value)).join(", ")}.`;
    case "invalid_type":
      return `Give \`${field}\` a value of type ${issue.expected}.`;
    case "too_small":
      return `Give at least ${issue.minimum}.`;
    case "too_big":
      return `Give at most ${issue.maximum}.`;
    case "custom":
      return String(issue.params?.["fix"] ?? `Change \`${field}\`.`);
    default:
      return `Change \`${field}\`.`;
  }
}
