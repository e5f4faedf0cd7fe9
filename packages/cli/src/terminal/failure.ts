// Why a command failed: a code, a message, a hint, and the exit code that scripts check.

export const EXIT = {
  ok: 0,
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** A named thing does not exist. */
  missing: 3,
  /** Credentials are missing or insufficient. */
  denied: 4,
  /** The API or the cloud does not respond. */
  unreachable: 5,
  /** A prediction is below the threshold, with --fail-below-threshold. */
  below: 6,
  /** 128 + SIGINT, as shells expect after Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export class Failure extends Error {
  readonly exit: ExitCode;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(
    code: string,
    message: string,
    options: { exit?: ExitCode; hint?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "Failure";
    this.code = code;
    this.exit = options.exit ?? EXIT.failed;
    this.hint = options.hint;
  }
}

export const FILE_MISSING = "FILE_MISSING";

/** For the `catch` of reading a file that the user named. */
export const failUnreadable =
  (file: string) =>
  (cause: unknown): never => {
    throw new Failure(FILE_MISSING, `${file} cannot be read.`, {
      exit: EXIT.missing,
      hint: "Check the path and its permissions.",
      cause,
    });
  };

/** By the category of a domain error. */
const CATEGORY_EXITS: Record<string, ExitCode> = {
  invalid: EXIT.usage,
  missing: EXIT.missing,
  unauthenticated: EXIT.denied,
  forbidden: EXIT.denied,
  unavailable: EXIT.unreachable,
};

/** Keeps the code and hint of an error that has them. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { code, message, hint, category } = error as {
    code?: unknown;
    message?: string;
    hint?: string;
    category?: string;
  };
  const known = typeof code === "string";
  return new Failure(known ? code : "UNEXPECTED", message ?? String(error), {
    exit: category === undefined ? undefined : CATEGORY_EXITS[category],
    hint: hint ?? (known ? undefined : "This is a bug. Run again with SLUICE_DEBUG=1 to see the stack."),
    cause: error,
  });
}

/** The form of a failure in `--json` output. */
export const failureJson = ({ code, message, hint }: Failure) => ({ code, message, hint });
