// What prevented a removal, and the fix.
export interface TeardownFailure {
  kind: string;
  /** Missing when the whole kind could not be listed. */
  name?: string;
  reason: string;
  fix: string;
}

const AGAIN = "Run the command again: it continues.";

export function explain(kind: string, name: string | undefined, error: unknown): TeardownFailure {
  const { name: code, message } = error as Error;
  const reason = `${code}: ${message}`;
  return { kind, ...(name !== undefined && { name }), reason, fix: fixOf(reason) };
}

function fixOf(reason: string): string {
  if (/AccessDenied|not authorized|UnauthorizedOperation/i.test(reason))
    return "Allow the named action for these credentials, or use an administrator's. Then run the command again.";
  if (/Throttl|TooManyRequests|Rate exceeded|LimitExceeded/i.test(reason))
    return `AWS limits the rate of these calls. Wait a minute. ${AGAIN}`;
  if (/in use|InUse|Conflict|in-progress|while status is/i.test(reason))
    return `Something still uses it or changes it. Wait until that has ended. ${AGAIN}`;
  if (/ExpiredToken|CredentialsProvider|UnrecognizedClient/i.test(reason)) return `Sign in again. ${AGAIN}`;
  return AGAIN;
}

/** For the `catch` of a call: errors that mean success. */
export const ignore = (expected: (error: unknown) => boolean) => (error: unknown) => {
  if (!expected(error)) throw error;
  return undefined;
};

export const hasName =
  (...names: string[]) =>
  (error: unknown) =>
    names.includes((error as Error).name);
