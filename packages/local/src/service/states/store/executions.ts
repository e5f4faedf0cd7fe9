// Executions, their branches, and their history.
import type { Store } from "../../../kernel/store.ts";
import type { Json } from "../language/json.ts";
import type { Definition } from "../machine/definition.ts";
import type { Branch, Execution, HistoryEvent, Status } from "../machine/execution.ts";
import type { Machines, MachineType } from "./machines.ts";

export interface ExecutionRow {
  arn: string;
  machine: string;
  name: string;
  revision: string;
  status: Status;
  input: string;
  output: string | null;
  error: string | null;
  cause: string | null;
  started_at: number;
  stopped_at: number | null;
  redrive_count: number;
  redriven_at: number | null;
  next_event: number;
  next_branch: number;
  wake_at: number | null;
  map_run: string | null;
  map_index: number | null;
}

export type NewExecution = Pick<
  ExecutionRow,
  "arn" | "machine" | "name" | "revision" | "input" | "started_at"
> &
  Partial<Pick<ExecutionRow, "map_run" | "map_index">>;

export type Executions = ReturnType<typeof openExecutions>;

/** An Express execution ends after five minutes. */
const EXPRESS_SECONDS = 300;

const limitedTime = (definition: Definition, type: MachineType | null): Definition =>
  type === "EXPRESS"
    ? {
        ...definition,
        TimeoutSeconds: Math.min(definition.TimeoutSeconds ?? EXPRESS_SECONDS, EXPRESS_SECONDS),
      }
    : definition;

export function openExecutions(store: Store, machines: Machines) {
  const row = (arn: string) => store.get<ExecutionRow>`select * from states_execution where arn = ${arn}`;

  return {
    row,
    create({
      arn,
      machine,
      name,
      revision,
      input,
      started_at,
      map_run = null,
      map_index = null,
    }: NewExecution) {
      store.run`insert into states_execution
        (arn, machine, name, revision, status, input, started_at, map_run, map_index) values
        (${arn}, ${machine}, ${name}, ${revision}, 'RUNNING', ${input}, ${started_at}, ${map_run}, ${map_index})`;
    },
    /** With the branches as they are stored, to save only what changed. */
    load(arn: string): { execution: Execution; saved: Map<number, string> } | undefined {
      const found = row(arn);
      if (!found) return undefined;
      const { definition, role_arn, type } = machines.revision(found.revision);
      const saved = new Map(
        store.all<{ id: number; data: string }>`select id, data from states_branch where execution = ${arn}
          order by id`.map(({ id, data }) => [id, data]),
      );
      const execution: Execution = {
        arn,
        name: found.name,
        machine: { arn: found.machine, name: found.machine.split(":").at(-1)! },
        roleArn: role_arn,
        definition: limitedTime(JSON.parse(definition) as Definition, type),
        input: JSON.parse(found.input) as Json,
        startedAt: found.started_at,
        redriveCount: found.redrive_count,
        ...(found.redriven_at !== null && { redrivenAt: found.redriven_at }),
        status: found.status,
        nextEvent: found.next_event,
        nextBranch: found.next_branch,
        branches: new Map([...saved].map(([id, data]) => [id, JSON.parse(data) as Branch])),
      };
      return { execution, saved };
    },
    /** Writes the events and the changed branches of a turn. Updates `saved`. */
    save(
      execution: Execution,
      saved: Map<number, string>,
      events: HistoryEvent[],
      wakeAt: number,
      now: number,
    ) {
      const { arn, status, branches, nextEvent, nextBranch, output, error, cause } = execution;
      for (const event of events)
        store.run`insert into states_event values (${arn}, ${event.id}, ${JSON.stringify(event)})`;
      for (const [id, branch] of branches) {
        const data = JSON.stringify(branch);
        if (saved.get(id) === data) continue;
        store.run`insert into states_branch values (${arn}, ${id}, ${data})
          on conflict (execution, id) do update set data = excluded.data`;
        saved.set(id, data);
      }
      for (const id of saved.keys()) {
        if (branches.has(id)) continue;
        store.run`delete from states_branch where execution = ${arn} and id = ${id}`;
        saved.delete(id);
      }
      store.run`update states_execution set status = ${status}, next_event = ${nextEvent},
        next_branch = ${nextBranch}, output = ${output === undefined ? null : JSON.stringify(output)},
        error = ${error ?? null}, cause = ${cause ?? null},
        redrive_count = ${execution.redriveCount},
        redriven_at = ${execution.redrivenAt ?? null}, stopped_at = ${status === "RUNNING" ? null : now},
        wake_at = ${status === "RUNNING" && Number.isFinite(wakeAt) ? wakeAt : null} where arn = ${arn}`;
    },
    events: (arn: string, after: number, limit: number, newestFirst: boolean): HistoryEvent[] =>
      (newestFirst
        ? store.all<{ data: string }>`select data from states_event where execution = ${arn} and id < ${after}
            order by id desc limit ${limit}`
        : store.all<{ data: string }>`select data from states_event where execution = ${arn} and id > ${after}
            order by id limit ${limit}`
      ).map(({ data }) => JSON.parse(data) as HistoryEvent),
    /** The newest first. */
    list: (machine: string, status: Status | undefined, limit: number, offset: number): ExecutionRow[] =>
      store.all<ExecutionRow>`select * from states_execution where machine = ${machine} and map_run is null
        and (${status ?? null} is null or status = ${status ?? null})
        order by started_at desc, rowid desc limit ${limit} offset ${offset}`,
    running: (): string[] =>
      store.all<{ arn: string }>`select arn from states_execution where status = 'RUNNING'`.map(
        ({ arn }) => arn,
      ),
    /** Those whose time has come. Each is due again later, should its turn fail. */
    takeDue(now: number, again: number): string[] {
      const due = store.all<{ arn: string }>`select arn from states_execution where wake_at <= ${now}`;
      store.run`update states_execution set wake_at = ${again} where wake_at <= ${now}`;
      return due.map(({ arn }) => arn);
    },
    nextWake: (): number | undefined =>
      store.get<{ at: number | null }>`select min(wake_at) as at from states_execution
        where wake_at is not null`?.at ?? undefined,
    remove(arn: string) {
      for (const table of ["states_branch", "states_event", "states_task"])
        store.run(`delete from ${table} where execution = ?`, arn);
      store.run`delete from states_execution where arn = ${arn}`;
    },
  };
}
