// Reads JSON of unknown shape.
import { isStorableNumber } from "./sample.ts";

export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `undefined` for anything but a JSON object. */
export function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Removes fields. `undefined` if no field is left. */
export function without(value: Json, ...names: string[]): Json | undefined {
  const left = Object.entries(value).filter(([name]) => !names.includes(name));
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

export const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
/** Accepts numbers as text, but not empty text (which JavaScript converts to 0). */
export const number = (value: unknown) => {
  const found = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
};
/** A valid coordinate of a box. */
export const side = (value: unknown) => {
  const found = number(value);
  return found !== undefined && isStorableNumber(found) ? found : undefined;
};
