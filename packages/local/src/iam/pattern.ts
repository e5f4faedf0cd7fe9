// Wildcards and variables in policies.

/** Condition keys, lower-cased: IAM ignores their case. */
export type Context = Record<string, string>;

/** `*` and `?` as IAM reads them. */
export function matchesWildcard(pattern: string, text: string, fold = false): boolean {
  if (pattern === "*") return true;
  const source = RegExp.escape(pattern).replaceAll("\\*", ".*").replaceAll("\\?", ".");
  return new RegExp(`^${source}$`, fold ? "is" : "s").test(text);
}

/** Replaces variables such as `${aws:username}`. `${*}`, `${?}` and `${$}` are literal characters. */
export function expandVariables(pattern: string, context: Context): string {
  return pattern.replace(/\$\{([^}]+)\}/g, (whole, name: string) => context[name.toLowerCase()] ?? whole);
}
