// PutEvents: each entry is accepted or rejected separately, after a check of the total size.
import { AwsError } from "../../kernel/error.ts";
import type { Kernel } from "../../kernel/service.ts";
import type { Buses } from "./buses.ts";
import { validation } from "./error.ts";
import { newEvent } from "./event.ts";
import { MAX_PUT_BYTES, MAX_PUT_ENTRIES } from "./limits.ts";
import type { Publisher } from "./publish.ts";

export interface PutEntry {
  Time?: Date;
  Source?: string;
  Resources?: string[];
  DetailType?: string;
  Detail?: string;
  EventBusName?: string;
  TraceHeader?: string;
}

export function putEvents(kernel: Kernel, buses: Buses, publisher: Publisher, entries: PutEntry[] = []) {
  if (entries.length < 1 || entries.length > MAX_PUT_ENTRIES)
    throw validation(
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length from 1 to ${MAX_PUT_ENTRIES}, and has ${entries.length}.`,
    );
  if (entries.reduce((sum, entry) => sum + bytesOf(entry), 0) > MAX_PUT_BYTES)
    throw validation("Total size of the entries in the request is over the limit.");
  const Entries = entries.map((entry) => {
    try {
      return { EventId: put(kernel, buses, publisher, entry) };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { ErrorCode: error.code, ErrorMessage: error.message };
    }
  });
  return { FailedEntryCount: Entries.filter((entry) => "ErrorCode" in entry).length, Entries };
}

function put(kernel: Kernel, buses: Buses, publisher: Publisher, entry: PutEntry): string {
  const { Source, DetailType, Detail } = entry;
  for (const [name, value] of Object.entries({ Source, DetailType, Detail }))
    if (!value)
      throw new AwsError(
        "InvalidArgument",
        `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      );
  if (Source!.startsWith("aws."))
    throw new AwsError("NotAuthorizedForSourceException", `Not authorized for the source.`);
  const event = newEvent(kernel.cloud, {
    source: Source!,
    "detail-type": DetailType!,
    resources: entry.Resources ?? [],
    detail: detailOf(Detail!),
    at: entry.Time?.getTime() ?? kernel.clock.now(),
  });
  const bus = buses.nameOf(entry.EventBusName);
  if (buses.find(bus)) publisher.publish(bus, event);
  // AWS accepts and drops the entry; here a warning is logged too.
  else kernel.log("warn", `PutEvents to the bus "${bus}", which does not exist: the event was dropped.`);
  return event.id;
}

function detailOf(text: string): object {
  let detail: unknown;
  try {
    detail = JSON.parse(text);
  } catch (cause) {
    throw new AwsError("MalformedDetail", "Detail is malformed.", { cause });
  }
  if (typeof detail !== "object" || detail === null || Array.isArray(detail))
    throw new AwsError("MalformedDetail", "Detail is malformed.");
  return detail;
}

/** As EventBridge counts: 14 bytes for the time, and the UTF-8 of the rest. */
const bytesOf = ({ Time, Source = "", DetailType = "", Detail = "", Resources = [] }: PutEntry) =>
  (Time ? 14 : 0) + Buffer.byteLength(Source + DetailType + Detail + Resources.join(""));
