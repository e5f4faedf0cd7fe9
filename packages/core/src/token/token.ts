import * as z from "zod";

export const scopes = ["read", "predict", "upload", "admin"] as const;
export const Scope = z.enum(scopes);
export type Scope = z.output<typeof Scope>;

export interface Bearer {
  name: string;
  scopes: Scope[];
}
