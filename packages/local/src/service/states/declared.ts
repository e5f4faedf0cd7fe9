// The state machines and activities of the graph.
import type { Kernel } from "../../kernel/service.ts";
import { checkDefinition } from "./machine/check.ts";
import type { Machines, MachineType, Settings } from "./store/machines.ts";

interface Inputs {
  definition: string;
  roleArn: string;
  type?: MachineType;
  loggingConfiguration?: { level?: string; includeExecutionData?: boolean; logDestination?: string };
}

const settingsOf = ({ loggingConfiguration }: Inputs): Settings => {
  if (!loggingConfiguration) return {};
  const { logDestination, ...rest } = loggingConfiguration;
  const destinations = logDestination ? [{ cloudWatchLogsLogGroup: { logGroupArn: logDestination } }] : [];
  return { loggingConfiguration: { ...rest, destinations } };
};

export function declareMachines({ graph, store, clock }: Kernel, machines: Machines): void {
  for (const { name, inputs, attributes } of graph.all("aws:sfn/stateMachine:StateMachine")) {
    const { definition, roleArn, type = "STANDARD" } = inputs as Inputs;
    const settings = settingsOf(inputs as Inputs);
    const [first] = checkDefinition(definition);
    if (first) throw new Error(`${name}: ${first.message} at ${first.location ?? "/"}.`);
    const arn = attributes.arn!;
    store.tx(() => {
      const existing = machines.find(arn);
      if (existing) machines.update(existing, { definition, roleArn, settings }, clock.now());
      else
        machines.create({
          arn,
          name: attributes.name!,
          type,
          definition,
          roleArn,
          settings,
          createdAt: clock.now(),
        });
    });
  }
}
