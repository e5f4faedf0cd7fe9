// Step Functions with every client: machines, executions, histories, callbacks and errors.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testCloud, type TestCloud } from "../../../packages/local/src/kernel/testing-cloud.ts";
import { events } from "../../../packages/local/src/service/events/plugin.ts";
import { sqs } from "../../../packages/local/src/service/sqs/plugin.ts";
import { states } from "../../../packages/local/src/service/states/plugin.ts";
import { absence, CLIENTS, type Client, openClient } from "../clients.ts";
import { until } from "../../support/until.ts";

const roleArn = "arn:aws:iam::000000000000:role/Machine";
const queue = { name: "Work", type: "aws:sqs/queue:Queue", inputs: { name: "work" } };
const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" }],
});
const role = {
  name: "Machine",
  type: "aws:iam/role:Role",
  inputs: { name: "Machine", assumeRolePolicy: "{}", inlinePolicies: [{ name: "machine", policy }] },
};
const machine = (states: object, start = "Do") => JSON.stringify({ StartAt: start, States: states });

describe.each(CLIENTS.map((name) => ({ name, skipped: absence(name) })))(
  "Step Functions by $name",
  ({ name, skipped }) => {
    let cloud: TestCloud;
    let client: Client;
    const create = async (of: string, definition: string) =>
      (await client.call("CreateStateMachine", { name: of, definition, roleArn })).stateMachineArn as string;
    const end = (executionArn: string) =>
      until(async () => {
        const found = await client.call("DescribeExecution", { executionArn });
        expect(found.status).not.toBe("RUNNING");
        return found;
      });
    const code = (promise: Promise<unknown>) =>
      promise.then(
        () => "none",
        (error) => error.code,
      );

    beforeAll(async () => {
      if (skipped) return;
      cloud = await testCloud({
        plugins: [sqs, states, events],
        graph: { resources: [queue, role] },
      });
      client = openClient(name, "stepfunctions", cloud);
    });
    afterAll(async () => {
      client?.close();
      await cloud?.dispose();
    });

    test.skipIf(skipped)("runs an execution, and tells its history", async () => {
      const stateMachineArn = await create(
        "pass",
        machine({ Do: { Type: "Pass", Result: { a: 1 }, End: true } }),
      );
      const { executionArn } = await client.call("StartExecution", {
        stateMachineArn,
        name: "one",
        input: "{}",
      });
      expect(await end(executionArn)).toMatchObject({ status: "SUCCEEDED", output: '{"a":1}', name: "one" });
      const { events } = await client.call("GetExecutionHistory", { executionArn });
      expect(events.map(({ type }: { type: string }) => type)).toEqual([
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
      ]);
      expect(events[2].stateExitedEventDetails).toMatchObject({ name: "Do", output: '{"a":1}' });
      const { executions } = await client.call("ListExecutions", {
        stateMachineArn,
        statusFilter: "SUCCEEDED",
      });
      expect(executions).toMatchObject([{ executionArn, status: "SUCCEEDED" }]);
    });

    test.skipIf(skipped)("describes, changes, lists and deletes a machine", async () => {
      const stateMachineArn = await create("changing", machine({ Do: { Type: "Succeed" } }));
      const definition = machine({ Do: { Type: "Fail", Error: "Changed" } });
      await client.call("UpdateStateMachine", { stateMachineArn, definition });
      expect(await client.call("DescribeStateMachine", { stateMachineArn })).toMatchObject({
        definition,
        roleArn,
        status: "ACTIVE",
        type: "STANDARD",
      });
      const { executionArn } = await client.call("StartExecution", { stateMachineArn });
      expect(await end(executionArn)).toMatchObject({ status: "FAILED", error: "Changed" });
      const { stateMachines } = await client.call("ListStateMachines", {});
      expect(stateMachines.map((one: { name: string }) => one.name)).toContain("changing");
      await client.call("DeleteStateMachine", { stateMachineArn });
      expect(await code(client.call("DescribeStateMachine", { stateMachineArn }))).toBe(
        "StateMachineDoesNotExist",
      );
    });

    test.skipIf(skipped)("waits for a callback", async () => {
      const stateMachineArn = await create(
        "callback",
        machine({
          Do: {
            Type: "Task",
            Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            Parameters: {
              QueueUrl: `${cloud.endpoint}/000000000000/work`,
              MessageBody: { "token.$": "$$.Task.Token" },
            },
            End: true,
          },
        }),
      );
      const { executionArn } = await client.call("StartExecution", { stateMachineArn });
      const message = await until(async () => {
        const QueueUrl = `${cloud.endpoint}/000000000000/work`;
        const { Messages } = await cloud.kernel.call("sqs", "ReceiveMessage", { QueueUrl }, { kind: "root" });
        expect(Messages).toHaveLength(1);
        return Messages[0];
      });
      const taskToken = JSON.parse(message.Body).token;
      await client.call("SendTaskFailure", { taskToken, error: "Refused", cause: "not today" });
      expect(await end(executionArn)).toMatchObject({
        status: "FAILED",
        error: "Refused",
        cause: "not today",
      });
    });

    test.skipIf(skipped)("names its errors", async () => {
      const stateMachineArn = await create(
        "errors",
        machine({ Do: { Type: "Wait", Seconds: 600, End: true } }),
      );
      const start = (input: object) => client.call("StartExecution", { stateMachineArn, ...input });
      expect(await code(start({ name: "a b" }))).toBe("InvalidName");
      expect(await code(start({ input: "{" }))).toBe("InvalidExecutionInput");
      await start({ name: "twice", input: "1" });
      expect(await code(start({ name: "twice", input: "2" }))).toBe("ExecutionAlreadyExists");
      const executionArn = stateMachineArn.replace(":stateMachine:", ":execution:");
      expect(await code(client.call("DescribeExecution", { executionArn: `${executionArn}:none` }))).toBe(
        "ExecutionDoesNotExist",
      );
      expect(await code(client.call("CreateStateMachine", { name: "bad", roleArn, definition: "{}" }))).toBe(
        "InvalidDefinition",
      );
      await client.call("StopExecution", { executionArn: `${executionArn}:twice`, error: "Enough" });
      expect(await end(`${executionArn}:twice`)).toMatchObject({ status: "ABORTED", error: "Enough" });
    });
  },
);

// The aws command before 2.31 adds "sync-" to the host name, which the local cloud does not have.
describe.each(["AWS SDK", "boto3"] as const)("Express machines by %s", (name) => {
  const skipped = absence(name);
  let cloud: TestCloud;
  let client: Client;
  beforeAll(async () => {
    if (skipped) return;
    cloud = await testCloud({ plugins: [states, events] });
    client = openClient(name, "stepfunctions", cloud);
  });
  afterAll(async () => {
    client?.close();
    await cloud?.dispose();
  });

  test.skipIf(skipped)("answer with their output", async () => {
    const definition = machine({ Do: { Type: "Pass", Result: 5, End: true } });
    const input = { name: "fast", type: "EXPRESS", definition, roleArn };
    const { stateMachineArn } = await client.call("CreateStateMachine", input);
    const answer = await client.call("StartSyncExecution", { stateMachineArn, input: "{}" });
    expect(answer).toMatchObject({ status: "SUCCEEDED", output: "5" });
  });
});
