import * as z from "zod";
import { maxKeyBytes } from "./label.ts";

/** Reserved for `data/<model>/`. */
const prefixBytes = 60;

/** The path of a dataset file below `data/<model>/`. */
export const FilePath = z
  .string()
  .min(1)
  .refine(
    (path) =>
      !path.startsWith("/") && !path.split("/").some((part) => part === ".." || part === "." || part === ""),
    "must be a path inside the folder, without `..`",
  )
  .refine((path) => Buffer.byteLength(path) <= maxKeyBytes - prefixBytes, "is too long");
