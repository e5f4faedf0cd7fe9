// A cloud in a separate process, to be killed: prints the settings of a client once it listens.
import { startCloud } from "@sluice/local/cloud.ts";
import { dynamodb } from "@sluice/local/service/dynamodb/plugin.ts";

const cloud = await startCloud({
  root: process.argv[2]!,
  dir: process.argv[2]!,
  port: 0,
  plugins: [dynamodb],
  graph: { version: 1, app: "test", stage: "local", resources: [], functions: {} },
  log() {},
});
process.stdout.write(`${JSON.stringify(cloud.client)}\n`);
