import type { Plugin } from "../../kernel/service.ts";
import { serviceQuotasServer } from "./server.ts";

export const servicequotas: Plugin = {
  name: "servicequotas",
  resources: {},
  start: (kernel) => serviceQuotasServer(kernel),
};
