// Checks a definition when a state machine is created or changed. Messages follow AWS's where they are known.
import jsonata from "jsonata";
import { isObject, type Json, type JsonObject } from "../language/json.ts";
import { parseCall } from "../language/intrinsic/parse.ts";
import { expressionOf } from "../language/jsonata.ts";
import { parsePath } from "../language/path/parse.ts";
import { fieldsOf, type Field, type StateType } from "./check-fields.ts";
import type { QueryLanguage } from "./definition.ts";

export interface Diagnostic {
  severity: "ERROR";
  code:
    | "INVALID_JSON_DESCRIPTION"
    | "SCHEMA_VALIDATION_FAILED"
    | "MISSING_TRANSITION_TARGET"
    | "DUPLICATE_STATE_NAME";
  message: string;
  location?: string;
}

interface Check {
  found: Diagnostic[];
  names: Set<string>;
  language: QueryLanguage;
}

const MAX_NAME = 80;

export function checkDefinition(text: string): Diagnostic[] {
  const check: Check = { found: [], names: new Set(), language: "JSONPath" };
  let definition: Json;
  try {
    definition = JSON.parse(text) as Json;
  } catch (error) {
    report(check, "INVALID_JSON_DESCRIPTION", (error as Error).message);
    return check.found;
  }
  if (!isObject(definition)) report(check, "SCHEMA_VALIDATION_FAILED", "The definition must be an object");
  else {
    check.language = readLanguage(check, definition, "JSONPath", "/");
    checkBlock(check, definition, "");
  }
  return check.found;
}

function report({ found }: Check, code: Diagnostic["code"], message: string, location?: string): void {
  found.push({
    severity: "ERROR",
    code,
    message,
    ...(location !== undefined && { location: location || "/" }),
  });
}

function readLanguage(
  check: Check,
  of: JsonObject,
  otherwise: QueryLanguage,
  location: string,
): QueryLanguage {
  const language = of["QueryLanguage"] ?? otherwise;
  if (language === "JSONPath" || language === "JSONata") return language;
  report(
    check,
    "SCHEMA_VALIDATION_FAILED",
    "QueryLanguage must be JSONPath or JSONata",
    `${location}/QueryLanguage`,
  );
  return otherwise;
}

function checkBlock(check: Check, block: JsonObject, location: string): void {
  const { StartAt, States } = block;
  if (!isObject(States) || Object.keys(States).length === 0) {
    report(
      check,
      "SCHEMA_VALIDATION_FAILED",
      "The field 'States' is required and must have states",
      location,
    );
    return;
  }
  if (typeof StartAt !== "string" || !Object.hasOwn(States, StartAt))
    report(
      check,
      "MISSING_TRANSITION_TARGET",
      `Missing 'StartAt' target: ${String(StartAt)}`,
      `${location}/StartAt`,
    );
  const reached = new Set<string>([String(StartAt)]);
  for (const [name, state] of Object.entries(States)) {
    const place = `${location}/States/${name}`;
    if (name.length > MAX_NAME)
      report(check, "SCHEMA_VALIDATION_FAILED", `State names have at most ${MAX_NAME} characters`, place);
    if (check.names.has(name)) report(check, "DUPLICATE_STATE_NAME", `Duplicate state name: ${name}`, place);
    check.names.add(name);
    if (!isObject(state)) report(check, "SCHEMA_VALIDATION_FAILED", "A state must be an object", place);
    else for (const target of checkState(check, state, States, place)) reached.add(target);
  }
  for (const name of Object.keys(States))
    if (!reached.has(name))
      report(
        check,
        "MISSING_TRANSITION_TARGET",
        `State "${name}" is not reachable.`,
        `${location}/States/${name}`,
      );
}

/** Returns the states it can lead to. */
function checkState(check: Check, state: JsonObject, all: JsonObject, location: string): string[] {
  const type = String(state["Type"]);
  const fields = fieldsOf(type);
  if (!fields) {
    report(check, "SCHEMA_VALIDATION_FAILED", `Unknown state type: ${type}`, `${location}/Type`);
    return [];
  }
  const language = readLanguage(check, state, check.language, location);
  for (const [name, value] of Object.entries(state)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const place = `${location}/${name}`;
    if (!field || (field.language && field.language !== language))
      report(
        check,
        "SCHEMA_VALIDATION_FAILED",
        `Field '${name}' is not supported${field ? ` with the query language ${language}` : ` by the state type ${type}`}`,
        place,
      );
    else checkValue(check, field, value, language, place);
  }
  for (const [name, { required }] of Object.entries(fields))
    if (required && state[name] === undefined)
      report(check, "SCHEMA_VALIDATION_FAILED", `The field '${name}' is required`, location);
  checkTransition(check, type as StateType, state, location);
  checkInner(check, type as StateType, state, location);
  return targetsOf(state)
    .filter(([target, place]) => {
      if (Object.hasOwn(all, target)) return true;
      report(check, "MISSING_TRANSITION_TARGET", `Missing 'Next' target: ${target}`, `${location}${place}`);
      return false;
    })
    .map(([target]) => target);
}

function checkTransition(check: Check, type: StateType, { Next, End }: JsonObject, location: string): void {
  if (type === "Choice" || type === "Succeed" || type === "Fail") return;
  if ((Next === undefined) === (End !== true))
    report(check, "SCHEMA_VALIDATION_FAILED", "A state needs either 'Next' or 'End': true", location);
}

function targetsOf(state: JsonObject): [string, string][] {
  const targets: [string, string][] = [];
  const add = (value: Json | undefined, place: string) => {
    if (typeof value === "string") targets.push([value, place]);
  };
  add(state["Next"], "/Next");
  add(state["Default"], "/Default");
  for (const list of ["Choices", "Catch"])
    if (Array.isArray(state[list]))
      for (const [index, one] of state[list].entries())
        if (isObject(one)) add(one["Next"], `/${list}[${index}]/Next`);
  return targets;
}

function checkInner(check: Check, type: StateType, state: JsonObject, location: string): void {
  const inner =
    type === "Map"
      ? [[state["ItemProcessor"] ?? state["Iterator"], `${location}/ItemProcessor`] as const]
      : type === "Parallel" && Array.isArray(state["Branches"])
        ? state["Branches"].map((block, index) => [block, `${location}/Branches[${index}]`] as const)
        : [];
  for (const [block, place] of inner) {
    if (isObject(block)) checkBlock(check, block, place);
    else report(check, "SCHEMA_VALIDATION_FAILED", "States are missing", place);
  }
}

function checkValue(
  check: Check,
  field: Field,
  value: Json,
  language: QueryLanguage,
  location: string,
): void {
  const fail = (message: string) => report(check, "SCHEMA_VALIDATION_FAILED", message, location);
  if (language === "JSONata") return checkExpressions(check, value, location);
  if (field.kind === "path" && value !== null) {
    if (typeof value !== "string") return fail("The value must be a path");
    checkPath(value, fail);
  }
  if (field.kind === "template") checkTemplate(check, value, location);
}

function checkPath(text: string, fail: (message: string) => void): void {
  try {
    if (text.startsWith("States.")) parseCall(text);
    else parsePath(text);
  } catch (error) {
    fail(`The value for the field is not a valid path: ${(error as Error).message}`);
  }
}

function checkTemplate(check: Check, value: Json, location: string): void {
  if (Array.isArray(value))
    value.forEach((item, index) => checkTemplate(check, item, `${location}[${index}]`));
  else if (isObject(value))
    for (const [key, item] of Object.entries(value)) {
      const place = `${location}/${key}`;
      if (!key.endsWith(".$")) checkTemplate(check, item, place);
      else if (typeof item !== "string")
        report(check, "SCHEMA_VALIDATION_FAILED", `The value for the field '${key}' must be a path`, place);
      else checkPath(item, (message) => report(check, "SCHEMA_VALIDATION_FAILED", message, place));
    }
}

function checkExpressions(check: Check, value: Json, location: string): void {
  if (Array.isArray(value))
    value.forEach((item, index) => checkExpressions(check, item, `${location}[${index}]`));
  else if (isObject(value))
    for (const [key, item] of Object.entries(value)) {
      if (key !== "States") checkExpressions(check, item, `${location}/${key}`);
    }
  else {
    const source = expressionOf(value);
    if (source === undefined) return;
    try {
      jsonata(source);
    } catch (error) {
      report(
        check,
        "SCHEMA_VALIDATION_FAILED",
        `Invalid JSONata expression: ${(error as Error).message}`,
        location,
      );
    }
  }
}
