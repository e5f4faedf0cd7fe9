// Distributed maps: their runs and the items of each.
import type { Store } from "../../../kernel/store.ts";
import type { Json } from "../language/json.ts";
import type { MapRunRequest } from "../machine/run.ts";

export type MapRunStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "ABORTED";

export interface MapRun {
  arn: string;
  execution: string;
  request: MapRunRequest;
  status: MapRunStatus;
  /** The child executions' definition, once the items are read. */
  revision: string | null;
  concurrency: number;
  toleratedCount: number;
  toleratedPercentage: number;
  startedAt: number;
  stoppedAt: number | null;
}

interface MapRunRow {
  arn: string;
  execution: string;
  request: string;
  status: MapRunStatus;
  revision: string | null;
  concurrency: number;
  tolerated_count: number;
  tolerated_percentage: number;
  started_at: number;
  stopped_at: number | null;
}

const toMapRun = (row: MapRunRow): MapRun => ({
  arn: row.arn,
  execution: row.execution,
  request: JSON.parse(row.request) as MapRunRequest,
  status: row.status,
  revision: row.revision,
  concurrency: row.concurrency,
  toleratedCount: row.tolerated_count,
  toleratedPercentage: row.tolerated_percentage,
  startedAt: row.started_at,
  stoppedAt: row.stopped_at,
});

export type ItemStatus = "PENDING" | "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";
export type Counts = Record<ItemStatus, number>;
const NONE: Counts = { PENDING: 0, RUNNING: 0, SUCCEEDED: 0, FAILED: 0, TIMED_OUT: 0, ABORTED: 0 };

export interface ItemEnd {
  status: ItemStatus;
  output: string | null;
  error: string | null;
  cause: string | null;
}

export type MapRuns = ReturnType<typeof openMapRuns>;

export function openMapRuns(store: Store) {
  store.define(`
  create table if not exists states_map_run (
    arn text primary key, execution text not null, request text not null, status text not null, revision text,
    concurrency integer not null, tolerated_count integer not null, tolerated_percentage real not null,
    started_at integer not null, stopped_at integer, counts text not null default '{}') strict;
  create index if not exists states_map_run_execution on states_map_run (execution);
  create table if not exists states_map_item (
    map_run text not null, place integer not null, input text not null, status text not null, child text,
    output text, error text, cause text, primary key (map_run, place)) strict, without rowid;
  create index if not exists states_map_item_status on states_map_item (map_run, status);`);

  /** Kept in the row: counting the items after each would take quadratic time. */
  function counts(arn: string): Counts {
    const row = store.get<{ counts: string }>`select counts from states_map_run where arn = ${arn}`;
    return { ...NONE, ...(JSON.parse(row?.counts ?? "{}") as Counts) };
  }
  function move(arn: string, from: ItemStatus, to: ItemStatus) {
    const changed = counts(arn);
    changed[from] -= 1;
    changed[to] += 1;
    store.run`update states_map_run set counts = ${JSON.stringify(changed)} where arn = ${arn}`;
  }

  return {
    create(arn: string, execution: string, request: MapRunRequest, now: number) {
      const { concurrency, toleratedCount, toleratedPercentage } = request;
      store.run`insert into states_map_run values (${arn}, ${execution}, ${JSON.stringify(request)}, 'RUNNING', null,
        ${concurrency}, ${toleratedCount}, ${toleratedPercentage}, ${now}, null, '{}')`;
    },
    find(arn: string): MapRun | undefined {
      const row = store.get<MapRunRow>`select * from states_map_run where arn = ${arn}`;
      return row && toMapRun(row);
    },
    of: (execution: string): MapRun[] =>
      store.all<MapRunRow>`select * from states_map_run where execution = ${execution} order by started_at`.map(
        toMapRun,
      ),
    running: (): MapRun[] =>
      store.all<MapRunRow>`select * from states_map_run where status = 'RUNNING'`.map(toMapRun),
    begin(arn: string, revision: string, inputs: Iterable<Json>) {
      let place = 0;
      for (const input of inputs)
        store.run`insert into states_map_item (map_run, place, input, status)
          values (${arn}, ${place++}, ${JSON.stringify(input)}, 'PENDING')`;
      const counts = JSON.stringify({ ...NONE, PENDING: place });
      store.run`update states_map_run set revision = ${revision}, counts = ${counts} where arn = ${arn}`;
    },
    /** The next items to start, in order. */
    pending: (arn: string, limit: number): { place: number; input: string }[] =>
      store.all`select place, input from states_map_item where map_run = ${arn} and status = 'PENDING'
        order by place limit ${limit}`,
    setRunning(arn: string, place: number, child: string) {
      store.run`update states_map_item set status = 'RUNNING', child = ${child}
        where map_run = ${arn} and place = ${place}`;
      move(arn, "PENDING", "RUNNING");
    },
    end(arn: string, place: number, { status, output, error, cause }: ItemEnd) {
      const { changes } = store.run`update states_map_item set status = ${status}, output = ${output},
        error = ${error}, cause = ${cause} where map_run = ${arn} and place = ${place} and status = 'RUNNING'`;
      if (changes > 0) move(arn, "RUNNING", status);
    },
    counts,
    /** Running children of runs that have ended. */
    orphans: (): string[] =>
      store.all<{
        child: string;
      }>`select i.child from states_map_item i join states_map_run r on r.arn = i.map_run
        where r.status <> 'RUNNING' and i.status = 'RUNNING'`.map(({ child }) => child),
    children: (arn: string, status: ItemStatus): string[] =>
      store.all<{
        child: string;
      }>`select child from states_map_item where map_run = ${arn} and status = ${status}`.map(
        ({ child }) => child,
      ),
    items: (arn: string, status: ItemStatus): ItemResult[] =>
      store.all<ItemResult>`select place, input, child, output, error, cause from states_map_item
        where map_run = ${arn} and status = ${status} order by place`,
    finish: (arn: string, status: MapRunStatus, now: number) =>
      void store.run`update states_map_run set status = ${status}, stopped_at = ${now} where arn = ${arn}`,
    /** Limits can be changed while it runs. */
    update: (arn: string, concurrency: number, count: number, percentage: number) =>
      void store.run`update states_map_run set concurrency = ${concurrency}, tolerated_count = ${count},
        tolerated_percentage = ${percentage} where arn = ${arn}`,
  };
}

export interface ItemResult {
  place: number;
  input: string;
  child: string;
  output: string | null;
  error: string | null;
  cause: string | null;
}
