import { randomUUID } from "node:crypto";
import type { Store } from "../../../kernel/store.ts";

export type MachineType = "STANDARD" | "EXPRESS";

export interface Machine {
  arn: string;
  name: string;
  type: MachineType;
  revision: string;
  definition: string;
  roleArn: string;
  settings: Settings;
  createdAt: number;
}

interface Destination {
  cloudWatchLogsLogGroup?: { logGroupArn?: string };
}

/** What DescribeStateMachine gives back of the request. */
export interface Settings {
  loggingConfiguration?: { level?: string; includeExecutionData?: boolean; destinations?: Destination[] };
  tracingConfiguration?: { enabled?: boolean };
  tags?: { key: string; value: string }[];
}

interface MachineRow {
  arn: string;
  name: string;
  type: MachineType;
  revision: string;
  settings: string;
  created_at: number;
  definition: string;
  role_arn: string;
}

const toMachine = ({ settings, created_at, role_arn, ...rest }: MachineRow): Machine => ({
  ...rest,
  settings: JSON.parse(settings) as Settings,
  createdAt: created_at,
  roleArn: role_arn,
});

export type Machines = ReturnType<typeof openMachines>;

export function openMachines(store: Store) {
  const addRevision = (machine: string, definition: string, roleArn: string, now: number) => {
    const id = randomUUID();
    store.run`insert into states_revision values (${id}, ${machine}, ${definition}, ${roleArn}, ${now})`;
    return id;
  };
  const find = (arn: string): Machine | undefined => {
    const row = store.get<MachineRow>`select m.*, r.definition, r.role_arn from states_machine m
      join states_revision r on r.id = m.revision where m.arn = ${arn}`;
    return row && toMachine(row);
  };

  return {
    find,
    addRevision,
    create(machine: Omit<Machine, "revision">): Machine {
      const { arn, name, type, definition, roleArn, settings, createdAt } = machine;
      const revision = addRevision(arn, definition, roleArn, createdAt);
      store.run`insert into states_machine values
        (${arn}, ${name}, ${type}, ${revision}, ${JSON.stringify(settings)}, ${createdAt})`;
      return { ...machine, revision };
    },
    /** Running executions keep the revision they started with. */
    update(
      machine: Machine,
      change: { definition?: string; roleArn?: string; settings?: Settings },
      now: number,
    ) {
      const {
        definition = machine.definition,
        roleArn = machine.roleArn,
        settings = machine.settings,
      } = change;
      const same = definition === machine.definition && roleArn === machine.roleArn;
      const revision = same ? machine.revision : addRevision(machine.arn, definition, roleArn, now);
      store.run`update states_machine set revision = ${revision}, settings = ${JSON.stringify(settings)}
        where arn = ${machine.arn}`;
      return revision;
    },
    remove: (arn: string) => void store.run`delete from states_machine where arn = ${arn}`,
    list: (): Machine[] =>
      store.all<MachineRow>`select m.*, r.definition, r.role_arn from states_machine m
        join states_revision r on r.id = m.revision order by m.created_at, m.name`.map(toMachine),
    /** Of a child execution of a distributed map, there is no machine of its own. */
    revision: (id: string) =>
      store.get<{
        definition: string;
        role_arn: string;
        type: MachineType | null;
      }>`select r.definition, r.role_arn,
        m.type from states_revision r left join states_machine m on m.arn = r.machine where r.id = ${id}`!,
  };
}
