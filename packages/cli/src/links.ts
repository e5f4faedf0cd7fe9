// For the few commands that speak to the app's resources themselves, not to its API: `Resource` must answer here too.
// Under `sst shell` the links are in the environment; the local cloud keeps them beside its address.
import { type CommonOptions, open } from "./common.ts";
import { EXIT, Failure } from "./failure.ts";

export function linkResources(options: CommonOptions, command: string): void {
  if (process.env["SST_RESOURCE_Table"]) return;
  const { where, environment } = open(options).target;
  if (where !== "local") {
    throw new Failure(
      "LINKS_MISSING",
      "This command speaks to the app's own resources, which are not linked here.",
      {
        exit: EXIT.denied,
        hint: `Run it inside SST: npx sst shell --stage <stage> npx sluice ${command}`,
      },
    );
  }
  Object.assign(process.env, environment);
}
