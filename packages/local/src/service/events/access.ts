// The permissions that each operation needs.
import { arnOf } from "../../kernel/names.ts";
import type { Access, CloudContext } from "../../kernel/service.ts";
import type { PutEntry } from "./put-events.ts";

export function eventsAccess(operation: string, input: Record<string, any>, cloud: CloudContext): Access[] {
  const arn = (path: string) => arnOf(cloud, "events", path);
  const bus = (given: unknown) => String(given || "default").replace(/^arn:.*:event-bus\//, "");
  const need = (resource: string): Access[] => [{ action: `events:${operation}`, resource }];
  switch (operation) {
    case "PutEvents": {
      const entries = (input.Entries ?? []) as PutEntry[];
      const buses = new Set(entries.map((entry) => bus(entry?.EventBusName)));
      return [...buses].flatMap((name) => need(arn(`event-bus/${name}`)));
    }
    case "CreateEventBus":
    case "DescribeEventBus":
    case "DeleteEventBus":
      return need(arn(`event-bus/${bus(input.Name)}`));
    case "TagResource":
    case "UntagResource":
    case "ListTagsForResource":
      return need(String(input.ResourceARN));
    case "CreateArchive":
    case "DescribeArchive":
    case "DeleteArchive":
      return need(arn(`archive/${input.ArchiveName}`));
    case "StartReplay":
    case "DescribeReplay":
    case "CancelReplay":
      return need(arn(`replay/${input.ReplayName}`));
    case "TestEventPattern":
    case "ListRules":
    case "ListEventBuses":
    case "ListArchives":
    case "ListReplays":
    case "ListRuleNamesByTarget":
      return need("*");
    default: {
      const on = bus(input.EventBusName);
      return need(arn(`rule/${on === "default" ? "" : `${on}/`}${input.Name ?? input.Rule}`));
    }
  }
}
