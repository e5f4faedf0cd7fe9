// `*` matches any characters; `\*` and `\\` are literal.
import { PatternError } from "./error.ts";

/** How often one character may follow a wildcard. AWS limits it too, because of the number of match states. */
const MAX_SAME_FOLLOWERS = 4;

export function wildcard(pattern: string): (value: string) => boolean {
  const parts = literals(pattern);
  const followers = new Map<string, number>();
  for (const part of parts.slice(1)) {
    const first = part.slice(0, 1);
    const seen = (followers.get(first) ?? 0) + 1;
    followers.set(first, seen);
    if (seen > MAX_SAME_FOLLOWERS)
      throw new PatternError(
        "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character",
      );
  }
  if (parts.length === 1) return (value) => value === parts[0];
  const head = parts[0]!;
  const tail = parts.at(-1)!;
  const middle = parts.slice(1, -1);
  // The leftmost match of each middle part suffices: no backtracking, linear time.
  return (value) => {
    if (value.length < head.length + tail.length || !value.startsWith(head) || !value.endsWith(tail))
      return false;
    let at = head.length;
    for (const part of middle) {
      const found = value.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= value.length - tail.length;
  };
}

/** The literal text between wildcards. */
function literals(pattern: string): string[] {
  const parts = [""];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    if (character === "*") {
      if (pattern[at + 1] === "*") throw new PatternError("Consecutive wildcard characters are not allowed");
      parts.push("");
      continue;
    }
    if (character === "\\") {
      const next = pattern[++at];
      if (next !== "*" && next !== "\\") throw new PatternError("Invalid escape character in wildcard");
      parts[parts.length - 1] += next;
      continue;
    }
    parts[parts.length - 1] += character;
  }
  return parts;
}
