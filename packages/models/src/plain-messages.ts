// Messages of schema errors in plain words, for every schema of the process: what is allowed, and what was found.
import * as z from "zod";

type Issue = z.core.$ZodRawIssue;

/** A message of its own in a schema has priority. Undefined leaves zod's message. */
export function describeIssue(issue: Issue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? "is required"
        : `must be ${nameType(issue.expected)}, not ${typeOf(issue.input)}`;
    case "invalid_value":
      return `must be ${listOf(issue.values)}, not ${show(issue.input)}`;
    case "too_small":
      return `must ${describeSize(issue.origin)} at least ${Number(issue.minimum)}${unitOf(issue.origin)}`;
    case "too_big":
      return `must ${describeSize(issue.origin)} at most ${Number(issue.maximum)}${unitOf(issue.origin)}`;
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "invalid_format":
      return `must be ${formats[issue.format] ?? `like ${issue.pattern ?? issue.format}`}`;
    case "unrecognized_keys":
      return `has fields that are not known: ${issue.keys.join(", ")}`;
    case "invalid_union":
      return describeUnion(issue);
    case "invalid_key":
    case "invalid_element":
      return "has an invalid member";
    default:
      return issue.message === undefined ? "is invalid" : undefined;
  }
}

const MAX_SHOWN = 40;

const show = (value: unknown) =>
  typeof value === "string" && value.length <= MAX_SHOWN ? JSON.stringify(value) : typeOf(value);

const listOf = (values: readonly unknown[]) =>
  `${values.length === 1 ? "" : "one of "}${values.map((value) => JSON.stringify(value)).join(", ")}`;

const formats: Record<string, string> = {
  datetime: "a time in ISO 8601, such as 2026-11-21T04:00:00Z",
  date: "a date such as 2026-11-21",
  url: "a URL such as https://example.com/",
  uuid: "a UUID",
  email: "an email address",
};

const names: Record<string, string> = {
  array: "a list",
  record: "an object",
  object: "an object",
  int: "an integer",
  boolean: "true or false",
};
const nameType = (type: string) => names[type] ?? `a ${type}`;

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number" && !Number.isFinite(value)) return "a text";
  return nameType(typeof value);
}

const describeSize = (origin: string) => (origin === "number" || origin === "bigint" ? "be" : "have");
const units: Record<string, string> = {
  string: " characters",
  array: " items",
  set: " items",
  map: " items",
};
const unitOf = (origin: string) => units[origin] ?? "";

function describeUnion({ errors }: Extract<Issue, { code: "invalid_union" }>): string {
  const types = errors.flatMap(([first]) =>
    first?.code === "invalid_type" && first.path.length === 0 ? [nameType(first.expected)] : [],
  );
  return types.length === errors.length && types.length > 0
    ? `must be ${[...new Set(types)].join(" or ")}`
    : "has none of the allowed forms";
}

z.config({ customError: describeIssue });
