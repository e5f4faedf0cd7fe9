// Activities: tasks that a worker outside of AWS takes and ends.
import { AwsError } from "../../../kernel/error.ts";
import type { Call, Kernel, Service } from "../../../kernel/service.ts";
import type { Engine } from "../engine.ts";
import { NAME } from "../limits.ts";
import type { Tasks } from "../store/tasks.ts";
import { activityArn } from "./arns.ts";
import { page } from "./page.ts";

/** How long GetActivityTask waits for a task. */
const WAIT_MS = 60_000;

export function openActivities({ store, clock, cloud, graph }: Kernel, tasks: Tasks, engine: () => Engine) {
  store.define(`create table if not exists states_activity (
    arn text primary key, name text not null, created_at integer not null) strict`);
  const create = (arn: string, name: string) =>
    void store.run`insert into states_activity values (${arn}, ${name}, ${clock.now()}) on conflict do nothing`;
  for (const { attributes } of graph.all("aws:sfn/activity:Activity"))
    create(attributes.arn!, attributes.name!);
  const waiting = new Map<string, Set<() => void>>();

  const find = (arn: string) => {
    const found = store.get<{
      name: string;
      created_at: number;
    }>`select * from states_activity where arn = ${arn}`;
    if (!found) throw new AwsError("ActivityDoesNotExist", `Activity Does Not Exist: '${arn}'`);
    return found;
  };

  async function take(arn: string, worker: string | undefined) {
    const [task] = tasks.untaken(arn);
    if (!task) return undefined;
    store.tx(() => tasks.setJob(task.token, "activity"));
    await engine().send(task.execution, {
      type: "activityStarted",
      token: task.token,
      ...(worker !== undefined && { worker }),
    });
    return { taskToken: task.token, input: JSON.stringify(task.parameters) };
  }

  const wait = (arn: string, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const set = waiting.get(arn) ?? new Set();
      waiting.set(arn, set);
      const end = () => {
        cancel();
        set.delete(end);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const cancel = clock.after(WAIT_MS, end);
      signal.addEventListener("abort", end);
      set.add(end);
    });

  const operations: Service["operations"] = {
    CreateActivity({ name = "" }: { name?: string }) {
      if (!NAME.test(name)) throw new AwsError("InvalidName", `Invalid Name: '${name}'`);
      const arn = activityArn(cloud, name);
      create(arn, name);
      return { activityArn: arn, creationDate: new Date(find(arn).created_at) };
    },
    DescribeActivity({ activityArn: arn }: { activityArn: string }) {
      const { name, created_at } = find(arn);
      return { activityArn: arn, name, creationDate: new Date(created_at) };
    },
    DeleteActivity({ activityArn: arn }: { activityArn: string }) {
      store.run`delete from states_activity where arn = ${arn}`;
      return {};
    },
    ListActivities(input: { maxResults?: number; nextToken?: string }) {
      const { items, nextToken } = page(
        input,
        (limit, offset) =>
          store.all<{ arn: string; name: string; created_at: number }>`select * from states_activity
          order by created_at, name limit ${limit} offset ${offset}`,
      );
      const activities = items.map(({ arn, name, created_at }) => ({
        activityArn: arn,
        name,
        creationDate: new Date(created_at),
      }));
      return { activities, nextToken };
    },
    /** Without a task in a minute: an empty answer. */
    async GetActivityTask(input: { activityArn: string; workerName?: string }, { signal }: Call) {
      find(input.activityArn);
      const first = await take(input.activityArn, input.workerName);
      if (first) return first;
      await wait(input.activityArn, signal);
      return signal.aborted ? {} : ((await take(input.activityArn, input.workerName)) ?? {});
    },
  };

  return {
    operations,
    /** A task was scheduled. */
    wake(arn: string) {
      const [next] = waiting.get(arn) ?? [];
      next?.();
    },
  };
}
