// What a command ends with when it cannot do its work: one line of what, one of the fix, and an exit code that scripts
// can tell apart.

export const EXIT = {
  ok: 0,
  /** It was tried and failed. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** What was named does not exist. */
  missing: 3,
  /** No credentials, or not enough. */
  denied: 4,
  /** The API or the cloud does not answer. */
  unreachable: 5,
  /** Ctrl-C ended it; what shells expect of a program that a signal ends. */
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
export const cannotRead =
  (file: string) =>
  (cause: unknown): never => {
    throw new Failure(FILE_MISSING, `${file} cannot be read.`, {
      exit: EXIT.missing,
      hint: "Check the path.",
      cause,
    });
  };

/** By the category of the domain's own errors. */
const EXIT_OF: Record<string, ExitCode> = {
  invalid: EXIT.usage,
  missing: EXIT.missing,
  unauthenticated: EXIT.denied,
  forbidden: EXIT.denied,
  unavailable: EXIT.unreachable,
};

/** Any error as a Failure: those that carry a code and a hint keep them. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { code, message, hint, category } = error as {
    code?: unknown;
    message?: string;
    hint?: string;
    category?: string;
  };
  const known = typeof code === "string";
  return new Failure(known ? code : "UNEXPECTED", message ?? String(error), {
    exit: category === undefined ? undefined : EXIT_OF[category],
    hint: hint ?? (known ? undefined : "This is a defect; run again with SLUICE_DEBUG=1 for the stack."),
    cause: error,
  });
}
