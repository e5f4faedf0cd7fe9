// The state machines and activities of the graph.
import type { Kernel } from "../../kernel/service.ts";
import { checkDefinition } from "./machine/check.ts";
import type { Machines, MachineType } from "./store/machines.ts";

export function declareMachines({ graph, store, clock }: Kernel, machines: Machines): void {
  for (const { name, inputs, attributes } of graph.all("aws:sfn/stateMachine:StateMachine")) {
    const {
      definition,
      roleArn,
      type = "STANDARD",
    } = inputs as {
      definition: string;
      roleArn: string;
      type?: MachineType;
    };
    const [first] = checkDefinition(definition);
    if (first) throw new Error(`${name}: ${first.message} at ${first.location ?? "/"}.`);
    const arn = attributes.arn!;
    store.tx(() => {
      const existing = machines.find(arn);
      if (existing) machines.update(existing, { definition, roleArn }, clock.now());
      else
        machines.create({
          arn,
          name: attributes.name!,
          type,
          definition,
          roleArn,
          settings: {},
          createdAt: clock.now(),
        });
    });
  }
}
