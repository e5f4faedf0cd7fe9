// Scalable targets, their policies and activities. One endpoint variant is one target.
import type {
  StepScalingPolicyConfiguration,
  TargetTrackingScalingPolicyConfiguration,
} from "@aws-sdk/client-application-auto-scaling";
import type { Store } from "../../kernel/store.ts";
import { ACTIVITY_KEEP_MS } from "./limits.ts";

export interface SuspendedState {
  DynamicScalingInSuspended?: boolean;
  DynamicScalingOutSuspended?: boolean;
  ScheduledScalingSuspended?: boolean;
}

export interface Target {
  resource: string;
  arn: string;
  min: number;
  max: number;
  roleArn?: string;
  suspended: SuspendedState;
  created: number;
}

export interface Policy {
  resource: string;
  name: string;
  arn: string;
  /** One of the two. */
  tracking?: TargetTrackingScalingPolicyConfiguration;
  steps?: StepScalingPolicyConfiguration;
  created: number;
  /** When it last scaled, epoch milliseconds. */
  scaled?: number;
}

export interface Activity {
  id: string;
  resource: string;
  at: number;
  cause: string;
  description: string;
}

export type Records = ReturnType<typeof openRecords>;

export function openRecords(store: Store) {
  store.define(`
    create table if not exists autoscaling_target (resource text primary key, document text not null) strict;
    create table if not exists autoscaling_policy
      (resource text not null, name text not null, document text not null, primary key (resource, name)) strict;
    create table if not exists autoscaling_activity (id text primary key, at integer not null, document text not null) strict;
  `);
  const read = <T>(row: { document: string } | undefined) => row && (JSON.parse(row.document) as T);
  const all = <T>(table: string) =>
    store.all<{ document: string }>(`select document from ${table}`).map((row) => read<T>(row)!);
  return {
    target: (resource: string) =>
      read<Target>(
        store.get<{ document: string }>`select document from autoscaling_target where resource = ${resource}`,
      ),
    targets: () => all<Target>("autoscaling_target"),
    putTarget: (target: Target) =>
      void store.run`insert or replace into autoscaling_target
        values (${target.resource}, ${JSON.stringify(target)})`,
    /** With its policies. */
    removeTarget: (resource: string) =>
      store.tx(() => {
        store.run`delete from autoscaling_target where resource = ${resource}`;
        store.run`delete from autoscaling_policy where resource = ${resource}`;
      }),
    policies: () => all<Policy>("autoscaling_policy"),
    policy: (resource: string, name: string) =>
      read<Policy>(
        store.get<{ document: string }>`select document from autoscaling_policy
          where resource = ${resource} and name = ${name}`,
      ),
    putPolicy: (policy: Policy) =>
      void store.run`insert or replace into autoscaling_policy
        values (${policy.resource}, ${policy.name}, ${JSON.stringify(policy)})`,
    removePolicy: (resource: string, name: string) =>
      void store.run`delete from autoscaling_policy where resource = ${resource} and name = ${name}`,
    activities: () => all<Activity>("autoscaling_activity").toSorted((a, b) => b.at - a.at),
    addActivity(activity: Activity) {
      store.run`delete from autoscaling_activity where at < ${activity.at - ACTIVITY_KEEP_MS}`;
      store.run`insert into autoscaling_activity
        values (${activity.id}, ${activity.at}, ${JSON.stringify(activity)})`;
    },
  };
}
