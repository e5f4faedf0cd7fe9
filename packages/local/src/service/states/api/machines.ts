// Operations on state machines.
import { AwsError } from "../../../kernel/error.ts";
import type { Kernel, Service } from "../../../kernel/service.ts";
import { checkDefinition } from "../machine/check.ts";
import { MAX_DEFINITION, NAME } from "../limits.ts";
import type { Machine, Machines, MachineType, Settings } from "../store/machines.ts";
import { machineArn } from "./arns.ts";
import { machineMissingError, validation } from "./error.ts";
import { page } from "./page.ts";

interface Definition {
  definition?: string;
  roleArn?: string;
  loggingConfiguration?: Settings["loggingConfiguration"];
  tracingConfiguration?: Settings["tracingConfiguration"];
  tags?: Settings["tags"];
}

export function machineOperations(
  { cloud, clock, store }: Kernel,
  machines: Machines,
): Service["operations"] {
  const find = (arn: string): Machine => {
    const found = machines.find(arn);
    if (!found) throw machineMissingError(arn);
    return found;
  };

  return {
    CreateStateMachine(input: Definition & { name?: string; type?: MachineType }) {
      const { name = "", type = "STANDARD", roleArn = "", definition = "", ...given } = input;
      if (!NAME.test(name)) throw new AwsError("InvalidName", `Invalid Name: '${name}'`);
      requireValid(definition);
      const arn = machineArn(cloud, name);
      const existing = machines.find(arn);
      const settings = settingsOf(given);
      if (existing) {
        const same =
          existing.definition === definition && existing.roleArn === roleArn && existing.type === type;
        if (same) return { stateMachineArn: arn, creationDate: new Date(existing.createdAt) };
        throw new AwsError("StateMachineAlreadyExists", `State Machine Already Exists: '${arn}'`);
      }
      const createdAt = clock.now();
      store.tx(() => machines.create({ arn, name, type, definition, roleArn, settings, createdAt }));
      return { stateMachineArn: arn, creationDate: new Date(createdAt) };
    },
    UpdateStateMachine({ stateMachineArn, ...input }: Definition & { stateMachineArn: string }) {
      const machine = find(stateMachineArn);
      const { definition, roleArn, ...given } = input;
      if (definition !== undefined) requireValid(definition);
      const now = clock.now();
      const settings = { ...machine.settings, ...settingsOf(given) };
      const revisionId = store.tx(() =>
        machines.update(
          machine,
          { ...(definition !== undefined && { definition }), ...(roleArn && { roleArn }), settings },
          now,
        ),
      );
      return { updateDate: new Date(now), revisionId };
    },
    DeleteStateMachine({ stateMachineArn }: { stateMachineArn: string }) {
      store.tx(() => machines.remove(stateMachineArn));
      return {};
    },
    DescribeStateMachine({ stateMachineArn }: { stateMachineArn: string }) {
      return describe(find(stateMachineArn));
    },
    ListStateMachines(input: { maxResults?: number; nextToken?: string }) {
      const all = machines.list().map(({ arn, name, type, createdAt }) => ({
        stateMachineArn: arn,
        name,
        type,
        creationDate: new Date(createdAt),
      }));
      const { items, nextToken } = page(input, (limit, offset) => all.slice(offset, offset + limit));
      return { stateMachines: items, nextToken };
    },
    ValidateStateMachineDefinition({ definition = "" }: { definition?: string }) {
      const diagnostics = checkDefinition(definition);
      return { result: diagnostics.length === 0 ? "OK" : "FAIL", diagnostics, truncated: false };
    },
  };
}

const settingsOf = ({ loggingConfiguration, tracingConfiguration, tags }: Definition): Settings => ({
  ...(loggingConfiguration && { loggingConfiguration }),
  ...(tracingConfiguration && { tracingConfiguration }),
  ...(tags && { tags }),
});

const describe = ({ arn, name, type, definition, roleArn, settings, createdAt, revision }: Machine) => ({
  stateMachineArn: arn,
  name,
  status: "ACTIVE",
  definition,
  roleArn,
  type,
  creationDate: new Date(createdAt),
  loggingConfiguration: settings.loggingConfiguration ?? { level: "OFF", includeExecutionData: false },
  tracingConfiguration: settings.tracingConfiguration ?? { enabled: false },
  revisionId: revision,
});

function requireValid(definition: string): void {
  if (definition.length > MAX_DEFINITION)
    throw validation(`definition: longer than ${MAX_DEFINITION} characters.`);
  const [first] = checkDefinition(definition);
  if (first)
    throw new AwsError(
      "InvalidDefinition",
      `Invalid State Machine Definition: '${first.code}: ${first.message} at ${first.location ?? "/"}'`,
    );
}
