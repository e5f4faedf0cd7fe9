// The bearer token, stored for this tab only.
import { signal } from "@preact/signals";
import { pathTo } from "../route/path.ts";
import { navigate } from "../route/route.ts";
import type { ApiError } from "./problem.ts";

const KEY = "sluice.token";

export const token = signal<string | undefined>(sessionStorage.getItem(KEY) ?? undefined);
/** Why the API rejected the last token. */
export const signOutReason = signal<ApiError | undefined>(undefined);

export function signIn(value: string) {
  sessionStorage.setItem(KEY, value);
  signOutReason.value = undefined;
  token.value = value;
}

/** With a reason if the API rejected the token, without one if the person signed out. */
export function signOut(reason?: ApiError) {
  sessionStorage.removeItem(KEY);
  signOutReason.value = reason;
  token.value = undefined;
}

/** `npm start` prints an address that ends with `#token=...`. The token is then removed from the address and history. */
export function signInFromAddress() {
  const found = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (!found) return;
  navigate(pathTo(), { replace: true });
  signIn(found);
}

export const authorization = (): Record<string, string> =>
  token.value ? { authorization: `Bearer ${token.value}` } : {};
