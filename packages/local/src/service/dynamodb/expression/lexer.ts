// Splits an expression into tokens, with AWS's messages for syntax errors.
import { invalid } from "../error.ts";

export interface Token {
  /** word: attribute, keyword or function; name: #placeholder; value: :placeholder; index: digits. */
  kind: "word" | "name" | "value" | "index" | "symbol" | "end";
  text: string;
  start: number;
  end: number;
}

const TOKEN =
  /\s+|(?<word>[A-Za-z][A-Za-z0-9_]*)|(?<name>#[A-Za-z0-9_]+)|(?<value>:[A-Za-z0-9_]+)|(?<index>\d+)|(?<symbol><>|<=|>=|[=<>()[\],.+-])/y;

export type Tokens = ReturnType<typeof tokenize>;

/** `parameter` contains the expression: "ConditionExpression". */
export function tokenize(parameter: string, text: string) {
  const tokens = [...scan(parameter, text)];
  let at = 0;
  const peek = (ahead = 0) => tokens[Math.min(at + ahead, tokens.length - 1)]!;
  const is = (token: Token, wanted: string) =>
    token.kind === "word" ? token.text.toUpperCase() === wanted : token.text === wanted;
  /** The syntax error for the next token. */
  const unexpected = () => {
    const token = peek();
    const from = tokens[at - 1]?.start ?? token.start;
    return syntaxError(parameter, token.text, text.slice(from, peek(1).end));
  };
  return {
    parameter,
    peek,
    unexpected,
    next: () => tokens[Math.min(at++, tokens.length - 1)]!,
    /** Consumes the next token if it is this symbol or keyword. */
    take(wanted: string): boolean {
      if (!is(peek(), wanted)) return false;
      at++;
      return true;
    },
    expect(wanted: string): void {
      if (!this.take(wanted)) throw unexpected();
    },
  };
}

function* scan(parameter: string, text: string): Generator<Token> {
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    if (!groups) throw syntaxError(parameter, text[start]!, text.slice(Math.max(0, start - 10), start + 10));
    const [kind, found] = Object.entries(groups).find(([, found]) => found !== undefined) ?? [];
    if (found !== undefined) yield { kind: kind as Token["kind"], text: found, start, end: TOKEN.lastIndex };
  }
  yield { kind: "end", text: "<EOF>", start: text.length, end: text.length };
}

const syntaxError = (parameter: string, token: string, near: string) =>
  invalid(`Invalid ${parameter}: Syntax error; token: "${token}", near: "${near}"`);
