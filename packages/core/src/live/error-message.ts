import { toSluiceError } from "../error/error.ts";
import type { ServerMessage } from "./live.ts";

export function toErrorMessage(thrown: unknown): ServerMessage {
  const { code, message, hint } = toSluiceError(thrown);
  // The message of an unexpected error may contain internal data.
  return {
    type: "error",
    code,
    message: code === "UNEXPECTED" ? "An internal error occurred." : message,
    hint,
  };
}
