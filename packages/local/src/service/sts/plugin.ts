// The smallest service, and the example for others: a plugin says what it is, a server says what it does.
import type { Plugin } from "../../kernel/service.ts";
import { stsServer } from "./server.ts";

export const sts: Plugin = {
  name: "sts",
  resources: {},
  start: (kernel) => stsServer(kernel),
};
