// Starts a cloud, runs a function with an endless loop, and prints that function's process id.
import { startCloud } from "@sluice/local/cloud.ts";
import { ROOT, functionGraph } from "./cloud.ts";

const cloud = await startCloud({ root: ROOT, dir: process.argv[2], port: 0, graph: functionGraph() });
const root = { kind: "root" } as const;
void cloud.kernel.call("lambda", "Invoke", { FunctionName: "Spin" }, root);
setInterval(async () => {
  const { events } = await cloud.kernel.call(
    "logs",
    "FilterLogEvents",
    { logGroupName: "/aws/lambda/Spin" },
    root,
  );
  for (const { message } of events) console.log(message);
}, 100);
