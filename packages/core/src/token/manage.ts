import { createHash, randomBytes } from "node:crypto";
import * as z from "zod";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { rejectConnectionsOf } from "../live/close.ts";
import { fn } from "../util/fn.ts";
import type { TokenItem } from "./token.entity.ts";
import { Scope, type Bearer } from "./token.ts";

export const hashToken = (token: string) => createHash("sha256").update(token).digest("hex");

/** Only the response contains the token: the table stores its hash. */
export const createToken = fn(
  z.object({
    name: z.string().trim().min(1).max(100),
    scopes: z.array(Scope).min(1),
    /** ISO instant. */
    expiresAt: z.iso.datetime("must be an ISO instant such as 2030-01-02T03:04:05Z").optional(),
    now: z.number().default(() => Date.now()),
  }),
  async ({ name, scopes, expiresAt, now }) => {
    if (expiresAt && Date.parse(expiresAt) <= now)
      throw new SluiceError("INPUT_INVALID", `expiresAt: ${expiresAt} is in the past.`, {
        hint: "Use an instant in the future, or leave it out for a token that never expires.",
      });
    const token = `slc_${randomBytes(32).toString("base64url")}`;
    const expires = expiresAt ? Math.floor(Date.parse(expiresAt) / 1_000) : undefined;
    await db()
      .entities.token.create({
        hash: hashToken(token),
        name,
        scopes,
        createdAt: new Date(now).toISOString(),
        expires,
      })
      .go();
    return { token, name, scopes, expiresAt };
  },
);

/** Checks the expiry, because DynamoDB removes expired items days late. */
export async function readBearer(token: string, now = Date.now()): Promise<Bearer> {
  const { data } = await db()
    .entities.token.get({ hash: hashToken(token) })
    .go();
  if (!data || (data.expires !== undefined && data.expires * 1_000 <= now)) {
    throw new SluiceError("TOKEN_INVALID", "The bearer token is unknown or expired.");
  }
  return { name: data.name, scopes: z.array(Scope).parse(data.scopes) };
}

export async function listTokens(): Promise<
  Pick<TokenItem, "hash" | "name" | "scopes" | "createdAt" | "expires">[]
> {
  const { data } = await db().entities.token.query.all({}).go({ pages: "all" });
  return data;
}

/** Its live connections end. A connection that subscribes meanwhile ends with the next change. */
export async function revokeToken(hash: string): Promise<void> {
  await db().entities.token.delete({ hash }).go();
  await rejectConnectionsOf(hash);
}
