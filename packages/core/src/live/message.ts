// The messages of one batch of changes, each within the gateway's limit.
import type { ChangedRecords } from "./changes.ts";
import type { Changes } from "./live.ts";

/** API Gateway sends at most 128 KB. The rest is for the message around the items. */
export const MAX_BYTES = 126 * 1_024;

type Item = { list: "predictions" | "events"; json: string };

/** JSON messages; an empty list without changes. */
export function packChanges({ predictions, events }: ChangedRecords, at: string): string[] {
  const items: Item[] = [
    ...predictions.map((one) => ({ list: "predictions" as const, json: JSON.stringify(one) })),
    ...events.map((one) => ({ list: "events" as const, json: JSON.stringify(one) })),
  ];
  const messages: string[] = [];
  let part: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(item.json) + 1;
    if (part.length > 0 && bytes + size > MAX_BYTES) {
      messages.push(messageOf(part, at));
      [part, bytes] = [[], 0];
    }
    part.push(item);
    bytes += size;
  }
  if (part.length > 0) messages.push(messageOf(part, at));
  return messages;
}

function messageOf(part: Item[], at: string): string {
  const listOf = (name: Item["list"]) =>
    part.flatMap(({ list, json }) => (list === name ? [json] : [])).join(",");
  const type: Changes["type"] = "changes";
  return `{"type":"${type}","at":"${at}","predictions":[${listOf("predictions")}],"events":[${listOf("events")}]}`;
}
