// Errors cross threads as data, and keep their class.
import { FastDecodeError, type InferenceCode, InferenceError } from "../error.ts";

export type SerializedError =
  | { type: "inference"; code: InferenceCode; status: number; message: string; hint: string }
  | { type: "fast-decode"; message: string }
  | { type: "other"; message: string };

export function serializeError(error: Error): SerializedError {
  const { message } = error;
  if (error instanceof FastDecodeError) return { type: "fast-decode", message };
  if (!(error instanceof InferenceError)) return { type: "other", message };
  const { code, status, hint } = error;
  return { type: "inference", code, status, message, hint };
}

export function deserializeError(error: SerializedError): Error {
  if (error.type === "fast-decode") return new FastDecodeError(error.message);
  if (error.type === "other") return new Error(error.message);
  return new InferenceError(error.code, error.status, error.message, error.hint);
}
