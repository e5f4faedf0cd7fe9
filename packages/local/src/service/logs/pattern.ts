// Filter patterns: terms ("a b", "?a ?b", "-a", quoted), and JSON ones such as { $.level = "ERROR" && $.ms > 100 }.
import { AwsError, notImplemented } from "../../kernel/error.ts";

export type Matcher = (message: string) => boolean;

export function compilePattern(pattern = ""): Matcher {
  const text = pattern.trim();
  if (text === "") return () => true;
  if (text.startsWith("["))
    throw notImplemented("space-delimited filter patterns ([a, b]) of CloudWatch Logs");
  if (text.startsWith("%") && text.endsWith("%") && text.length > 1) {
    const regex = new RegExp(text.slice(1, -1));
    return (message) => regex.test(message);
  }
  return text.startsWith("{") ? jsonPattern(text) : termPattern(text);
}

function termPattern(text: string): Matcher {
  const terms = [...text.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign, quoted, bare]) => ({
    sign,
    word: quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "",
  }));
  const of = (sign: string) => terms.filter((term) => term.sign === sign).map(({ word }) => word);
  const [all, any, none] = [of(""), of("?"), of("-")];
  return (message) => {
    const has = (word: string) => message.includes(word);
    // As on AWS, optional terms have no effect together with required ones.
    const some = all.length > 0 || any.length === 0 || any.some(has);
    return all.every(has) && some && !none.some(has);
  };
}

type Test = (value: unknown) => boolean;

const TOKEN =
  /\s*(\|\||&&|\(|\)|<=|>=|!=|=|<|>|"(?:[^"\\]|\\.)*"|%[^%]*%|\$(?:\.[\w@-]+|\[\d+\]|\["[^"]+"\])*|[^\s()=<>!&|]+)/y;

function jsonPattern(text: string): Matcher {
  const tokens = tokenise(text.slice(1, text.lastIndexOf("}")));
  let at = 0;
  const peek = () => tokens[at];
  const take = () => tokens[at++];
  const refuse = (): never => {
    throw new AwsError("InvalidParameterException", `Invalid filter pattern: ${text}`);
  };

  const either = (): Test => {
    let left = both();
    while (peek() === "||") {
      take();
      const [a, b] = [left, both()];
      left = (value) => a(value) || b(value);
    }
    return left;
  };
  const both = (): Test => {
    let left = one();
    while (peek() === "&&") {
      take();
      const [a, b] = [left, one()];
      left = (value) => a(value) && b(value);
    }
    return left;
  };
  const one = (): Test => {
    if (peek() === "(") {
      take();
      const inner = either();
      return take() === ")" ? inner : refuse();
    }
    const path = take();
    if (!path?.startsWith("$")) return refuse();
    const select = selector(path);
    const operator = take()?.toUpperCase();
    if (operator === "IS" || operator === "NOT") {
      const word = take()?.toUpperCase();
      if (operator === "NOT" && word === "EXISTS") return (value) => select(value) === undefined;
      if (operator === "IS" && word === "NULL") return (value) => select(value) === null;
      if (operator === "IS" && (word === "TRUE" || word === "FALSE"))
        return (value) => select(value) === (word === "TRUE");
      return refuse();
    }
    const operand = take();
    if (!operator || operand === undefined) return refuse();
    const test = comparison(operator, operand) ?? refuse();
    return (value) => test(select(value));
  };

  const test = either();
  if (at < tokens.length) refuse();
  return (message) => {
    const start = message.indexOf("{");
    if (start < 0) return false;
    try {
      return test(JSON.parse(message.slice(start)));
    } catch {
      return false; // Not JSON: does not match a JSON pattern.
    }
  };
}

function tokenise(text: string) {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const [, token] = TOKEN.exec(text) ?? [];
    if (!token) throw new AwsError("InvalidParameterException", `Invalid filter pattern: {${text}}`);
    tokens.push(token);
  }
  return tokens;
}

function selector(path: string) {
  const keys = [...path.matchAll(/\.([\w@-]+)|\[(\d+)\]|\["([^"]+)"\]/g)].map(
    (match) => match[1] ?? match[2] ?? match[3]!,
  );
  return (value: unknown) => keys.reduce<any>((inner, key) => inner?.[key], value);
}

function comparison(operator: string, operand: string): Test | undefined {
  const number = Number(operand);
  const order: Record<string, Test> = {
    "<": (value) => Number(value) < number,
    ">": (value) => Number(value) > number,
    "<=": (value) => Number(value) <= number,
    ">=": (value) => Number(value) >= number,
  };
  if (operator in order) {
    if (Number.isNaN(number)) return;
    return (value) => typeof value === "number" && order[operator]!(value);
  }
  const equal = equality(operand);
  if (operator === "=") return equal;
  if (operator === "!=") return (value) => value !== undefined && !equal(value);
  return;
}

function equality(operand: string): Test {
  if (operand.startsWith("%")) {
    const regex = new RegExp(operand.slice(1, -1));
    return (value) => regex.test(String(value));
  }
  const word = operand.startsWith('"') ? operand.slice(1, -1).replace(/\\(.)/g, "$1") : operand;
  if (!operand.startsWith('"') && !Number.isNaN(Number(word))) return (value) => value === Number(word);
  const like = new RegExp(`^${word.split("*").map(RegExp.escape).join(".*")}$`, "s");
  return (value) => typeof value !== "object" && value !== undefined && like.test(String(value));
}
