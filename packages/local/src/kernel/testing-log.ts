// The ERROR log lines of a cloud under test, so that a test harness can fail on them.
import type { Kernel, Plugin } from "./service.ts";

/** JSON lines at level ERROR, and the text lines of Lambda's console. */
export function isErrorLine(line: string): boolean {
  return /^\{.*"level":"(ERROR|FATAL)"/.test(line) || /^[\dTZ:.-]+\t[\w-]+\tERROR\t/.test(line);
}

export const printErrors: Kernel["log"] = (level, message) => {
  if (level === "error") process.stderr.write(`${JSON.stringify({ level: "ERROR", message })}\n`);
};

/** The same plugins; what functions log at level ERROR is also printed by this process. */
export function printFunctionErrors(plugins: Plugin[]): Plugin[] {
  return plugins.map((plugin) => (plugin.name === "logs" ? printing(plugin) : plugin));
}

interface PutInput {
  logGroupName?: string;
  logEvents?: Array<{ message: string }>;
}

function printing(logs: Plugin): Plugin {
  return {
    ...logs,
    async start(kernel) {
      const service = await logs.start(kernel);
      const put = service.operations["PutLogEvents"]!;
      const PutLogEvents: typeof put = (input: PutInput, call) => {
        if (input.logGroupName?.startsWith("/aws/lambda/"))
          for (const { message } of input.logEvents ?? [])
            if (isErrorLine(message)) process.stderr.write(`${message}\n`);
        return put(input, call);
      };
      return { ...service, operations: { ...service.operations, PutLogEvents } };
    },
  };
}
