// Replays publish an archive's events on their bus again, in chunks, and continue after a restart.
import { AwsError } from "../../kernel/error.ts";
import { arnOf } from "../../kernel/names.ts";
import type { Kernel } from "../../kernel/service.ts";
import type { Archives } from "./archive.ts";
import type { Buses } from "./buses.ts";
import { notFound, validation } from "./error.ts";
import type { Event } from "./event.ts";
import type { Publisher } from "./publish.ts";

interface Row {
  name: string;
  archive: string;
  bus: string;
  rules: string | null;
  description: string | null;
  from_at: number;
  to_at: number;
  cursor: number;
  last_at: number | null;
  state: string;
  started_at: number;
  ended_at: number | null;
}

const CHUNK = 100;

export function openReplays(kernel: Kernel, buses: Buses, archives: Archives, publisher: Publisher) {
  const { store, clock, cloud } = kernel;
  store.define(`create table if not exists events_replay (
    name text primary key, archive text not null, bus text not null, rules text, description text,
    from_at integer not null, to_at integer not null, cursor integer not null, last_at integer,
    state text not null, started_at integer not null, ended_at integer) strict`);

  const timers = new Set<() => void>();
  let stopped = false;
  const scheduleStep = (name: string) => {
    if (stopped) return;
    const cancel = clock.after(0, () => {
      timers.delete(cancel);
      step(name);
    });
    timers.add(cancel);
  };
  const arn = (name: string) => arnOf(cloud, "events", `replay/${name}`);
  const find = (name: unknown) => store.get<Row>`select * from events_replay where name = ${String(name)}`;
  const get = (name: unknown) => {
    const replay = find(name);
    if (!replay) throw notFound(`Replay ${String(name)} does not exist.`);
    return replay;
  };

  const step = (name: string) =>
    store.tx(() => {
      const replay = find(name);
      if (replay?.state !== "RUNNING") return;
      const chunk = archives.read(replay.archive, replay.from_at, replay.to_at, replay.cursor, CHUNK);
      const only = replay.rules ? new Set(JSON.parse(replay.rules) as string[]) : undefined;
      for (const { event } of chunk)
        publisher.publish(
          replay.bus,
          { ...(JSON.parse(event) as Event), "replay-name": name } as Event,
          only,
        );
      const last = chunk.at(-1);
      store.run`update events_replay
        set cursor = ${last?.seq ?? replay.cursor}, last_at = ${last?.at ?? replay.last_at},
        state = ${last ? "RUNNING" : "COMPLETED"}, ended_at = ${last ? null : clock.now()}
        where name = ${name}`;
      if (last) store.afterCommit(() => scheduleStep(name));
    });

  const describe = (replay: Row) => ({
    ReplayName: replay.name,
    ReplayArn: arn(replay.name),
    Description: replay.description ?? undefined,
    State: replay.state,
    EventSourceArn: archives.arn(replay.archive),
    Destination: {
      Arn: buses.arn(replay.bus),
      FilterArns: replay.rules ? JSON.parse(replay.rules) : undefined,
    },
    EventStartTime: new Date(replay.from_at),
    EventEndTime: new Date(replay.to_at),
    EventLastReplayedTime: replay.last_at === null ? undefined : new Date(replay.last_at),
    ReplayStartTime: new Date(replay.started_at),
    ReplayEndTime: replay.ended_at === null ? undefined : new Date(replay.ended_at),
  });

  return {
    arn,
    resume() {
      for (const { name } of store.all<Row>("select * from events_replay where state = 'RUNNING'"))
        scheduleStep(name);
    },
    stop() {
      stopped = true;
      for (const cancel of timers) cancel();
    },

    start(input: Record<string, any>) {
      const { ReplayName, EventSourceArn, EventStartTime, EventEndTime, Destination, Description } = input;
      if (typeof ReplayName !== "string" || !/^[\w.-]{1,64}$/.test(ReplayName))
        throw validation(`Replay name '${String(ReplayName)}' is not valid.`);
      if (find(ReplayName))
        throw new AwsError("ResourceAlreadyExistsException", `Replay ${ReplayName} already exists.`);
      const archive = archives.get(String(EventSourceArn).split("archive/").at(-1));
      if (buses.nameOf(Destination?.Arn) !== archive.bus)
        throw validation(
          "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.",
        );
      if (!(EventStartTime < EventEndTime))
        throw validation(
          "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.",
        );
      const rules = Destination.FilterArns?.length ? JSON.stringify(Destination.FilterArns) : null;
      store.run`insert into events_replay
        values (${ReplayName}, ${archive.name}, ${archive.bus}, ${rules}, ${Description ?? null},
        ${EventStartTime.getTime()}, ${EventEndTime.getTime()}, 0, null, 'RUNNING', ${clock.now()}, null)`;
      store.afterCommit(() => scheduleStep(ReplayName));
      return {
        ReplayArn: arn(ReplayName),
        State: "STARTING",
        ReplayStartTime: new Date(clock.now()),
      };
    },

    cancel(name: unknown) {
      const replay = get(name);
      if (replay.state !== "RUNNING")
        throw new AwsError("IllegalStatusException", `Replay ${replay.name} is not running.`);
      store.run`update events_replay set state = 'CANCELLED', ended_at = ${clock.now()}
        where name = ${replay.name}`;
      return { ReplayArn: arn(replay.name), State: "CANCELLING" };
    },
    describe: (name: unknown) => describe(get(name)),
    list: ({ NamePrefix = "" }: { NamePrefix?: string }) =>
      store
        .all<Row>("select * from events_replay order by name")
        .filter((replay) => replay.name.startsWith(NamePrefix))
        .map(describe),
  };
}
