// Who is asking: one bearer token, kept for this tab and no longer.
import { signal } from "@preact/signals";
import { go, to } from "../route/route.ts";
import type { ApiError } from "./problem.ts";

const KEY = "sluice.token";

export const token = signal<string | undefined>(sessionStorage.getItem(KEY) ?? undefined);
/** Why the last token was given up. */
export const refusal = signal<ApiError | undefined>(undefined);

export function enter(value: string) {
  sessionStorage.setItem(KEY, value);
  refusal.value = undefined;
  token.value = value;
}

/** By the person, or because the API would not take it: then with its reason. */
export function leave(reason?: ApiError) {
  sessionStorage.removeItem(KEY);
  refusal.value = reason;
  token.value = undefined;
}

/** `npm start` prints an address that ends in `#token=...`: taken once, and not left in the address bar or history. */
export function takeFromAddress() {
  const found = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (!found) return;
  go(to(), { replace: true });
  enter(found);
}

export const authorization = (): Record<string, string> =>
  token.value ? { authorization: `Bearer ${token.value}` } : {};
