// The smallest service, and an example for others: the plugin declares it, the server implements it.
import type { Plugin } from "../../kernel/service.ts";
import { stsServer } from "./server.ts";

export const sts: Plugin = {
  name: "sts",
  resources: {},
  start: (kernel) => stsServer(kernel),
};
