import * as z from "zod";
import { SluiceError } from "../error/error.ts";

export const scopes = ["read", "predict", "upload", "admin"] as const;
export const Scope = z.enum(scopes);
export type Scope = z.output<typeof Scope>;

export interface Bearer {
  name: string;
  scopes: Scope[];
}

/** The scope `admin` includes all others. */
export function requireScope({ name, scopes: own }: Bearer, scope: Scope): void {
  if (!own.includes(scope) && !own.includes("admin"))
    throw new SluiceError("SCOPE_MISSING", `The token "${name}" lacks the scope "${scope}".`);
}
