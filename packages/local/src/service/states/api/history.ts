import type { HistoryEvent } from "../machine/execution.ts";

/** The details of an event without inputs and outputs. */
export const withoutData = (details: object) =>
  Object.fromEntries(Object.entries(details).filter(([key]) => !/^(input|output|parameters)/.test(key)));

export function presentEvent({ timestamp, ...event }: HistoryEvent, withData: boolean) {
  const shown = Object.entries(event).map(([key, value]) => [
    key,
    withData || !key.endsWith("EventDetails") ? value : withoutData(value as object),
  ]);
  return { ...(Object.fromEntries(shown) as typeof event), timestamp: new Date(timestamp) };
}
