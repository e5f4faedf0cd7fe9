// Stored dashboards. CloudWatch only draws them in its console.
import type { CloudContext, Kernel } from "../../kernel/service.ts";

export interface DashboardRow {
  name: string;
  body: string;
  changed: number;
}

export type Dashboards = ReturnType<typeof openDashboards>;

/** Dashboards are global, so their ARN has no region. */
export const dashboardArn = ({ partition, account }: CloudContext, name: string) =>
  `arn:${partition}:cloudwatch::${account}:dashboard/${name}`;

export function openDashboards({ store, clock, cloud }: Kernel) {
  store.define(`create table if not exists cloudwatch_dashboards (
    name text primary key, body text not null, changed integer not null
  ) strict`);
  return {
    arnOf: (name: string) => dashboardArn(cloud, name),
    rows: () => store.all<DashboardRow>("select * from cloudwatch_dashboards order by name"),
    find: (name: string) =>
      store.get<DashboardRow>("select * from cloudwatch_dashboards where name = ?", name),
    put(name: string, body: string) {
      store.run`insert into cloudwatch_dashboards values (${name}, ${body}, ${clock.now()})
        on conflict (name) do update set body = excluded.body, changed = excluded.changed`;
    },
    remove(names: string[]) {
      store.tx(() => {
        for (const name of names) store.run`delete from cloudwatch_dashboards where name = ${name}`;
      });
    },
  };
}
