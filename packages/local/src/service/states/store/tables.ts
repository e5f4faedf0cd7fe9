import type { Store } from "../../../kernel/store.ts";

export const defineTables = (store: Store) =>
  store.define(`
  create table if not exists states_machine (
    arn text primary key, name text not null, type text not null, revision text not null, settings text not null,
    created_at integer not null) strict;
  create table if not exists states_revision (
    id text primary key, machine text not null, definition text not null, role_arn text not null,
    created_at integer not null) strict;
  create table if not exists states_execution (
    arn text primary key, machine text not null, name text not null, revision text not null, status text not null,
    input text not null, output text, error text, cause text, started_at integer not null, stopped_at integer,
    redrive_count integer not null default 0, redriven_at integer, next_event integer not null default 1,
    next_branch integer not null default 1, wake_at integer, map_run text, map_index integer) strict;
  create index if not exists states_execution_machine on states_execution (machine, started_at);
  create index if not exists states_execution_wake on states_execution (wake_at) where wake_at is not null;
  create index if not exists states_execution_running on states_execution (status) where status = 'RUNNING';
  create index if not exists states_execution_map_run on states_execution (map_run) where map_run is not null;
  create table if not exists states_branch (
    execution text not null, id integer not null, data text not null, primary key (execution, id)) strict, without rowid;
  create table if not exists states_event (
    execution text not null, id integer not null, data text not null, primary key (execution, id)) strict, without rowid;
  create table if not exists states_task (
    token text primary key, execution text not null, resource text not null, parameters text not null,
    credentials text, job text) strict;
  create index if not exists states_task_execution on states_task (execution);
  create index if not exists states_task_job on states_task (job) where job is not null;
  `);
