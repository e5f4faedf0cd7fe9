import { SluiceError } from "../error/error.ts";

/** For a query's `catch`: with a cursor given, that is what the query could not read. */
export const badCursor =
  (cursor: string | undefined) =>
  (error: unknown): never => {
    if (!cursor) throw error;
    throw new SluiceError("CURSOR_INVALID", "The cursor is damaged.", { cause: error });
  };
