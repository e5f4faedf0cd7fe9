// The input of a target: the event, a part of it, a constant, or a filled template.
import type { Event } from "./event.ts";
import { valueAt } from "./json-path.ts";

export interface TargetInput {
  Input?: string;
  InputPath?: string;
  InputTransformer?: { InputPathsMap?: Record<string, string>; InputTemplate: string };
}

export interface RuleContext {
  ruleArn: string;
  ruleName: string;
  /** When EventBridge accepted the event. */
  ingestedAt: string;
}

export function payloadFor(target: TargetInput, event: Event, text: string, about: RuleContext): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(valueAt(event, target.InputPath) ?? null);
  if (!target.InputTransformer) return text;
  const { InputPathsMap = {}, InputTemplate } = target.InputTransformer;
  const { detail: _, ...envelope } = event;
  const reserved: Record<string, unknown> = {
    "aws.events.rule-arn": about.ruleArn,
    "aws.events.rule-name": about.ruleName,
    "aws.events.event.ingestion-time": about.ingestedAt,
    "aws.events.event": envelope,
    "aws.events.event.json": event,
  };
  return fill(InputTemplate, (name) => {
    if (Object.hasOwn(reserved, name)) return reserved[name];
    return Object.hasOwn(InputPathsMap, name) ? valueAt(event, InputPathsMap[name]!) : undefined;
  });
}

/** A placeholder outside quotes becomes JSON; inside quotes it becomes part of that string. */
function fill(template: string, value: (name: string) => unknown): string {
  let quoted = false;
  return template.replace(/\\.|"|<([\w.-]+)>/gs, (found, name: string | undefined) => {
    if (found === '"') quoted = !quoted;
    if (name === undefined) return found;
    const filled = value(name);
    if (!quoted) return JSON.stringify(filled ?? "");
    const plain = typeof filled === "string" ? filled : filled === undefined ? "" : JSON.stringify(filled);
    return JSON.stringify(plain).slice(1, -1);
  });
}
