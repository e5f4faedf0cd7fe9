// Pins the base images of all Dockerfiles by digest: `npm run pin-images` prints the changes, `-- --write` writes them.
import { globSync } from "node:fs";
import { parseArgs } from "node:util";
import { inProject } from "../synth/project.ts";
import { pinDockerfiles } from "./pin.ts";

const { values, positionals } = parseArgs({
  options: { write: { type: "boolean", default: false } },
  allowPositionals: true,
});
const files = globSync("containers/*/Dockerfile*", { cwd: inProject("") })
  .filter((file) => !file.endsWith(".dockerignore"))
  .map(inProject);

try {
  for await (const line of pinDockerfiles(positionals.length > 0 ? positionals : files, values.write))
    console.log(line);
} catch (error) {
  console.error(`${(error as Error).message}\nNo file was changed.`);
  process.exitCode = 1;
}
