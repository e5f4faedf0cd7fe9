// Calls whose result has not come yet.
import type { Store } from "../../../kernel/store.ts";
import type { Json } from "../language/json.ts";
import type { TaskRequest } from "../machine/run.ts";

export interface Task extends TaskRequest {
  execution: string;
  /** Of a job or a callback: the request was made, and this is what ends it. */
  job?: string;
}

interface TaskRow {
  token: string;
  execution: string;
  resource: string;
  parameters: string;
  credentials: string | null;
  job: string | null;
}

const toTask = ({ parameters, credentials, job, ...rest }: TaskRow): Task => ({
  ...rest,
  parameters: JSON.parse(parameters) as Json,
  ...(credentials !== null && { credentials: JSON.parse(credentials) as Json }),
  ...(job !== null && { job }),
});

export type Tasks = ReturnType<typeof openTasks>;

export function openTasks(store: Store) {
  return {
    add(execution: string, { token, resource, parameters, credentials }: TaskRequest) {
      store.run`insert into states_task values (${token}, ${execution}, ${resource}, ${JSON.stringify(parameters)},
        ${credentials === undefined ? null : JSON.stringify(credentials)}, null)`;
    },
    setJob: (token: string, job: string) =>
      void store.run`update states_task set job = ${job} where token = ${token}`,
    /** Leaves those of the tokens. */
    keep(execution: string, tokens: Set<string>) {
      for (const { token } of store.all<{
        token: string;
      }>`select token from states_task where execution = ${execution}`)
        if (!tokens.has(token)) store.run`delete from states_task where token = ${token}`;
    },
    find(token: string): Task | undefined {
      const row = store.get<TaskRow>`select * from states_task where token = ${token}`;
      return row && toTask(row);
    },
    /** Of an activity: those that no worker has, in order. */
    untaken: (activity: string): Task[] =>
      store.all<TaskRow>`select * from states_task where resource = ${activity} and job is null
        order by rowid`.map(toTask),
    of: (execution: string): Task[] =>
      store.all<TaskRow>`select * from states_task where execution = ${execution}`.map(toTask),
    waitingFor: (job: string): Task[] =>
      store.all<TaskRow>`select * from states_task where job = ${job}`.map(toTask),
  };
}
