// Describes an invalid field of a declaration: its value, what is allowed, and a fix.
import * as z from "zod";
import { DeclarationError } from "./error.ts";
import { Declaration } from "./schema.ts";

type Issue = z.core.$ZodIssue;

const MAX_VALUE_CHARACTERS = 60;
const CORRECT = "Correct the value.";

export function declarationError(file: string, issues: readonly Issue[]): DeclarationError {
  const issue = issues[0]!;
  const path = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0]!] : issue.path;
  const field = path.join(".") || "(whole declaration)";
  const others = issues.length - 1;
  const more = others > 0 ? ` (${others} more invalid ${others === 1 ? "field" : "fields"})` : "";
  return new DeclarationError(file, field, problemOf(issue) + more, fixOf(issue, field));
}

function problemOf(issue: Issue): string {
  if (issue.code === "unrecognized_keys") return "is not a known field";
  if (issue.code === "custom") return lower(issue.message);
  if (issue.input === undefined) return "is missing";
  return `is ${show(issue.input)}, but ${ruleOf(issue)}`;
}

function ruleOf(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "invalid_union":
      return "must be a text, a number, true or false";
    case "too_small":
    case "too_big":
      return rangeOf(issue);
    default:
      return lower(issue.message);
  }
}

const TYPES: Record<string, string> = {
  int: "an integer",
  number: "a number",
  string: "a text",
  boolean: "true or false",
  object: "an object",
  array: "a list",
};
const UNITS: Record<string, string> = { array: " entries", string: " characters" };

function rangeOf(issue: Extract<Issue, { code: "too_small" | "too_big" }>): string {
  const unit = UNITS[issue.origin] ?? "";
  const { minimum, maximum } = schemaAt(issue.path) ?? {};
  if (unit === "" && minimum !== undefined && maximum !== undefined)
    return `must be from ${minimum} to ${maximum}`;
  const verb = unit === "" ? "be" : "have";
  const bound =
    issue.code === "too_small"
      ? `${issue.inclusive ? "at least" : "more than"} ${issue.minimum}`
      : `${issue.inclusive ? "at most" : "less than"} ${issue.maximum}`;
  return `must ${verb} ${bound}${unit}`;
}

function fixOf(issue: Issue, field: string): string {
  switch (issue.code) {
    case "unrecognized_keys":
      return `Remove it, or use one of: ${Object.keys(schemaAt(issue.path)?.properties ?? {}).join(", ")}.`;
    case "custom":
      return String(issue.params?.["fix"] ?? CORRECT);
    case "too_big":
      if (issue.maximum === 1 && typeof issue.input === "number" && issue.input <= 100)
        return `Write ${issue.input / 100} for ${issue.input} %.`;
      return CORRECT;
    default:
      return issue.input === undefined ? `Add \`${field}\`.` : CORRECT;
  }
}

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  minimum?: number;
  maximum?: number;
}

function schemaAt(path: readonly PropertyKey[]): JsonSchema | undefined {
  const whole = z.toJSONSchema(Declaration, { io: "input", unrepresentable: "any" }) as JsonSchema;
  return path.reduce<JsonSchema | undefined>(
    (at, name) => (typeof name === "number" ? at?.items : at?.properties?.[String(name)]),
    whole,
  );
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_VALUE_CHARACTERS ? `${text.slice(0, MAX_VALUE_CHARACTERS)}...` : text;
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
