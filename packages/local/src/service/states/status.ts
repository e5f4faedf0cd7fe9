import type { Kernel } from "../../kernel/service.ts";
import type { ExecutionRow } from "./store/executions.ts";

/** The event of EventBridge for a change of an execution's status. */
export function publishStatus(kernel: Kernel, row: ExecutionRow): void {
  const { arn, machine, name, status, started_at, stopped_at, input, output, error, cause } = row;
  kernel.publish({
    source: "aws.states",
    detailType: "Step Functions Execution Status Change",
    resources: [arn],
    detail: {
      executionArn: arn,
      stateMachineArn: machine,
      name,
      status,
      startDate: started_at,
      stopDate: stopped_at,
      input,
      output,
      inputDetails: { included: true },
      outputDetails: output === null ? null : { included: true },
      error,
      cause,
    },
  });
}
