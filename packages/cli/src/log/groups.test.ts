import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { testCloud } from "@sluice/local/kernel/testing-cloud.ts";
import { logs } from "@sluice/local/service/logs/plugin.ts";
import { endpointName } from "@sluice/models/names.ts";
import { expect, test } from "vitest";
import { findLogGroups } from "./groups.ts";

test("log groups of a stage are found, and none of a stage with a longer name", async () => {
  const cloud = await testCloud({ plugins: [logs] });
  const client = new CloudWatchLogsClient(cloud.client);
  const endpointOf = (stage: string) =>
    `/aws/sagemaker/Endpoints/${endpointName({ app: "sluice", stage }, "cats", "serverless")}`;
  const own = [
    "/aws/lambda/sluice-prod-CatsInferFunction",
    "/aws/lambda/sluice-prod-DeployFunction-bxtkhfrz",
    endpointOf("prod"),
  ];
  const others = [
    "/aws/lambda/sluice-prod-eu-CatsInferFunction",
    "/aws/lambda/sluice-prod-eu-DeployFunction-bxtkhfrz",
    "/aws/lambda/my-sluice-prod-DeployFunction",
    endpointOf("prod-eu"),
  ];
  for (const logGroupName of [...own, ...others])
    await client.send(new CreateLogGroupCommand({ logGroupName }));
  const target = { app: "sluice", stage: "prod" };
  expect((await findLogGroups(client, undefined, target)).toSorted()).toEqual(own.toSorted());
  expect(await findLogGroups(client, "deploy", target)).toEqual([own[1]]);
  await cloud.dispose();
});
