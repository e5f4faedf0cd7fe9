import type { Kernel, Service } from "../../kernel/service.ts";
import { eventsAccess } from "./access.ts";
import { openArchives } from "./archive.ts";
import { openBuses, tagMap } from "./buses.ts";
import { checkPattern } from "./check.ts";
import { declaredBuses, declaredRules, declaredTargets } from "./declared.ts";
import { notFound, validation } from "./error.ts";
import { type Event, newEvent } from "./event.ts";
import { openOutbox } from "./outbox.ts";
import { listPage } from "./page.ts";
import { openPublisher } from "./publish.ts";
import { putEvents } from "./put-events.ts";
import { openReplays } from "./replay.ts";
import { ruleOperations } from "./rule-operations.ts";
import { openRules } from "./rules.ts";
import { openWakeTimer } from "./schedule/wake-timer.ts";

type Input = Record<string, any>;

export function startEvents(kernel: Kernel): Service {
  const { store, clock, cloud } = kernel;
  const buses = openBuses(kernel);
  const rules = openRules(kernel);
  const outbox = openOutbox(kernel, "events");
  const archives = openArchives(kernel);
  const publisher = openPublisher(kernel, rules, outbox, archives);
  const replays = openReplays(kernel, buses, archives, publisher);

  const publishDue = () =>
    store.tx(() => {
      for (const rule of rules.due()) {
        const arn = rules.arn(rule.bus, rule.name);
        const event = newEvent(cloud, {
          source: "aws.events",
          "detail-type": "Scheduled Event",
          resources: [arn],
          detail: {},
          at: rule.next_at!,
        });
        publisher.publishTo({ arn, name: rule.name }, rules.targets(rule.bus, rule.name), event);
        rules.reschedule(rule);
      }
    });
  const timer = openWakeTimer(clock, rules.nextRun, publishDue);

  store.tx(() => {
    buses.declare(declaredBuses(kernel.graph));
    declare(kernel, rules);
  });

  const write = (work: (input: Input) => unknown) => (input: Input) =>
    store.tx(() => {
      store.afterCommit(timer.set);
      return work(input) ?? {};
    });

  /** The tags of the bus or rule with this ARN. */
  const tagsOf = (arn: unknown) => {
    const [, kind, path] = /:(rule|event-bus)\/(.+)$/.exec(String(arn)) ?? [];
    if (kind === "event-bus") {
      const bus = buses.get(path!);
      return { tags: JSON.parse(bus.tags), set: (tags: object) => buses.setTags(bus.name, tags) };
    }
    if (kind !== "rule") throw notFound(`${String(arn)} is not the ARN of a rule or an event bus.`);
    const [name, bus = "default"] = path!.split("/").toReversed();
    const rule = rules.get(bus, name!);
    return { tags: JSON.parse(rule.tags), set: (tags: object) => rules.setTags(rule, tags) };
  };

  return {
    operations: {
      ...ruleOperations(buses, rules, write),
      PutEvents: ({ Entries, EndpointId }: Input) => {
        if (EndpointId) throw validation("EndpointId: global endpoints are not implemented.");
        return store.tx(() => putEvents(kernel, buses, publisher, Entries));
      },
      TestEventPattern({ EventPattern = "", Event: text = "" }: Input) {
        const matches = checkPattern(EventPattern);
        let event: unknown;
        try {
          event = JSON.parse(text);
        } catch (cause) {
          throw validation(`Parameter Event is not valid JSON: ${(cause as Error).message}`);
        }
        return { Result: matches(event) };
      },

      CreateEventBus: write((input) => buses.create(input)),
      DeleteEventBus: write(({ Name }) => buses.remove(buses.nameOf(Name))),
      DescribeEventBus: ({ Name }: Input) => buses.describe(buses.get(buses.nameOf(Name))),
      ListEventBuses: (input: Input) => listPage("EventBuses", buses.list(input.NamePrefix ?? ""), input),

      TagResource: write(({ ResourceARN, Tags = [] }) => {
        const { tags, set } = tagsOf(ResourceARN);
        set({ ...tags, ...tagMap(Tags) });
      }),
      UntagResource: write(({ ResourceARN, TagKeys = [] }) => {
        const { tags, set } = tagsOf(ResourceARN);
        set(Object.fromEntries(Object.entries(tags).filter(([key]) => !TagKeys.includes(key))));
      }),
      ListTagsForResource: ({ ResourceARN }: Input) => ({
        Tags: Object.entries(tagsOf(ResourceARN).tags).map(([Key, Value]) => ({ Key, Value })),
      }),

      CreateArchive: write(({ ArchiveName, EventSourceArn, EventPattern, RetentionDays, Description }) => {
        if (EventPattern) checkPattern(EventPattern);
        const bus = buses.get(buses.nameOf(EventSourceArn)).name;
        return archives.create(ArchiveName, bus, {
          pattern: EventPattern,
          days: RetentionDays,
          description: Description,
        });
      }),
      DescribeArchive: ({ ArchiveName }: Input) => archives.describe(ArchiveName),
      ListArchives: (input: Input) => listPage("Archives", archives.list(input), input),
      DeleteArchive: write(({ ArchiveName }) => archives.remove(ArchiveName)),
      StartReplay: write((input) => replays.start(input)),
      CancelReplay: write(({ ReplayName }) => replays.cancel(ReplayName)),
      DescribeReplay: ({ ReplayName }: Input) => replays.describe(ReplayName),
      ListReplays: (input: Input) => listPage("Replays", replays.list(input), input),
    },
    access: (operation, input) => eventsAccess(operation, input, cloud),
    accept(arn, { payload }) {
      const bus = buses.get(buses.nameOf(arn)).name;
      store.tx(() => publisher.publish(bus, JSON.parse(payload) as Event));
    },
    resume() {
      outbox.resume();
      replays.resume();
      timer.set();
    },
    async stop() {
      timer.stop();
      replays.stop();
      outbox.stop();
    },
  };
}

/** Applies the graph's rules and targets, and removes those that it no longer declares. */
function declare({ graph, store }: Kernel, rules: ReturnType<typeof openRules>) {
  const declared = declaredRules(graph);
  const names = new Set(declared.map(({ bus, name }) => rules.arn(bus, name)));
  for (const rule of rules.all())
    if (rule.origin === "graph") {
      store.run`delete from events_target where bus = ${rule.bus} and rule = ${rule.name}`;
      if (!names.has(rules.arn(rule.bus, rule.name))) rules.remove(rule.bus, rule.name);
    }
  for (const rule of declared) rules.put(rule);
  for (const { bus, rule, target } of declaredTargets(graph)) rules.putTarget({ bus, name: rule }, target);
}
