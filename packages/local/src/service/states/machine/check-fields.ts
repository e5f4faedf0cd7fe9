// The fields of each type of state.
import type { QueryLanguage } from "./definition.ts";

export type StateType = "Pass" | "Choice" | "Wait" | "Succeed" | "Fail" | "Task" | "Parallel" | "Map";

export interface Field {
  kind: "path" | "template" | "other";
  /** Where only one of them has the field. */
  language?: QueryLanguage;
  required?: true;
}

const path: Field = { kind: "path", language: "JSONPath" };
const template: Field = { kind: "template", language: "JSONPath" };
const query: Field = { kind: "other", language: "JSONata" };
const other: Field = { kind: "other" };
const assigned: Field = { kind: "template" };
const required: Field = { kind: "other", required: true };

const common = { Type: required, Comment: other, QueryLanguage: other };
const passing = { ...common, InputPath: path, OutputPath: path, Output: query };
const going = { ...passing, Next: other, End: other, Assign: assigned };
const working = {
  ...going,
  Arguments: query,
  Parameters: template,
  ResultSelector: template,
  ResultPath: path,
  Retry: other,
  Catch: other,
};

const byType: Record<StateType, Record<string, Field>> = {
  Pass: { ...going, Parameters: template, Result: { kind: "other", language: "JSONPath" }, ResultPath: path },
  Choice: { ...passing, Assign: assigned, Choices: required, Default: other },
  Wait: { ...going, Seconds: other, SecondsPath: path, Timestamp: other, TimestampPath: path },
  Succeed: passing,
  Fail: { ...common, Error: other, ErrorPath: path, Cause: other, CausePath: path },
  Task: {
    ...working,
    Resource: required,
    TimeoutSeconds: other,
    TimeoutSecondsPath: path,
    HeartbeatSeconds: other,
    HeartbeatSecondsPath: path,
    Credentials: { kind: "template" },
  },
  Parallel: { ...working, Branches: required },
  Map: {
    ...working,
    ItemProcessor: other,
    Iterator: other,
    Items: query,
    ItemsPath: path,
    ItemSelector: { kind: "template" },
    ItemReader: { kind: "template" },
    ItemBatcher: { kind: "template" },
    ResultWriter: { kind: "template" },
    Label: other,
    MaxConcurrency: other,
    MaxConcurrencyPath: path,
    ToleratedFailureCount: other,
    ToleratedFailureCountPath: path,
    ToleratedFailurePercentage: other,
    ToleratedFailurePercentagePath: path,
  },
};

export const fieldsOf = (type: string): Record<string, Field> | undefined =>
  Object.hasOwn(byType, type) ? byType[type as StateType] : undefined;
