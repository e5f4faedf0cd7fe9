// Who may assume the roles of the graph.
import { expect, it } from "vitest";
import { ofType } from "./graph.ts";

interface Trust {
  Effect: string;
  Action: string;
  Principal: unknown;
  Condition?: object;
}

const roles = ofType("aws:iam/role:Role").map(({ name, inputs }) => ({
  name,
  trust: (JSON.parse(inputs["assumeRolePolicy"] as string) as { Statement: Trust[] }).Statement,
}));
const account = { "aws:SourceAccount": "${aws.account}" };
const group = "arn:${aws.partition}:scheduler:${aws.region}:${aws.account}:schedule-group/default";

/** AWS documents conditions against a confused deputy for SageMaker and Scheduler. */
const allowed: Record<string, object | undefined> = {
  // Of the account: API Gateway writes the access logs of WebSocket APIs with one role.
  "apigateway.amazonaws.com": undefined,
  "lambda.amazonaws.com": undefined,
  "sagemaker.amazonaws.com": { StringEquals: account },
  "scheduler.amazonaws.com": { StringEquals: account, ArnEquals: { "aws:SourceArn": group } },
};

it.each(roles)("$name is assumed by one service, and by no account", ({ trust }) => {
  expect(trust).toHaveLength(1);
  const [{ Effect, Action, Principal, Condition }] = trust as [Trust];
  expect({ Effect, Action }).toEqual({ Effect: "Allow", Action: "sts:AssumeRole" });
  const { Service } = Principal as { Service: string };
  expect(Principal).toEqual({ Service });
  expect(Object.keys(allowed)).toContain(Service);
  expect(Condition).toEqual(allowed[Service]);
});

it("gives every function and schedule a role of the right service", () => {
  const service = (reference: unknown) =>
    (roles.find(({ name }) => reference === `\${${name}.arn}`)!.trust[0]!.Principal as { Service: string })
      .Service;
  for (const { inputs } of ofType("aws:lambda/function:Function"))
    expect(service(inputs["role"])).toBe("lambda.amazonaws.com");
  for (const { inputs } of ofType("aws:scheduler/schedule:Schedule"))
    expect(service(inputs["target"].roleArn)).toBe("scheduler.amazonaws.com");
});
