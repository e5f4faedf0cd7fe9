// JSON from outside: anything may be anything.
import { isHoldable } from "./labelled.ts";

export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An object, or undefined for everything else, broken text included. */
export function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The object without some of its fields; undefined when nothing is left. */
export function without(value: Json, ...names: string[]): Json | undefined {
  const left = Object.entries(value).filter(([name]) => !names.includes(name));
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

export const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
/** Numbers often come as text; no text is a number here that JavaScript would make one of by kindness. */
export const number = (value: unknown) => {
  const found = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
};
/** A number that a box can have. */
export const side = (value: unknown) => {
  const found = number(value);
  return found !== undefined && isHoldable(found) ? found : undefined;
};
