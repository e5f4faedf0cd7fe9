// A few commands use the app's AWS resources directly instead of the API. They need SST's resource links: `sst shell`
// sets them in the environment, and the local cloud stores them in its state file.
import { EXIT, Failure } from "../terminal/failure.ts";
import { type CommonOptions, connectTarget } from "./options.ts";

export function linkResources(options: CommonOptions, command: string): void {
  if (process.env["SST_RESOURCE_Table"]) return;
  const { where, environment } = connectTarget(options).target;
  if (where !== "local")
    throw new Failure("LINKS_MISSING", "This command needs the app's resource links, which are not set.", {
      exit: EXIT.denied,
      hint: `Run it in an SST shell: npx sst shell --stage <stage> npx sluice ${command}`,
    });
  Object.assign(process.env, environment);
}
