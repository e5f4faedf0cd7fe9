import * as z from "zod";
import { longestKeyBytes } from "./label.ts";

/** Left for `data/<model>/`. */
const prefixBytes = 60;

/** Where a file to learn from lies below `data/<model>/`. */
export const FilePath = z
  .string()
  .min(1)
  .refine(
    (path) =>
      !path.startsWith("/") && !path.split("/").some((part) => part === ".." || part === "." || part === ""),
    "must be a path inside the folder, without `..`",
  )
  .refine((path) => Buffer.byteLength(path) <= longestKeyBytes - prefixBytes, "is too long");
