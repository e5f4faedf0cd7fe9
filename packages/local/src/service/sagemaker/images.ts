// An image URI, back to the folder its Dockerfile stands in: the embedded SageMaker runs the folder's own program
// instead of a container. `bin` of the folder's package.json names the programs: `serve`, `train`, or a job's entrypoint.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ResolvedGraph } from "../../kernel/graph.ts";

export const IMAGE_TYPE = "docker-build:index:Image";

interface ImageInputs {
  dockerfile?: { location?: string };
  context?: { location?: string };
}

/** The file to run, or why there is none. */
export function programOf(
  graph: ResolvedGraph,
  root: string,
  image: string,
  program: string,
): { file: string } | { problem: string } {
  const resource = graph
    .all<ImageInputs>(IMAGE_TYPE)
    .find((candidate) => Object.values(candidate.attributes).includes(image));
  if (!resource)
    return {
      problem:
        `The image ${image} is not one the resource graph builds, and there is no Docker here to pull it. ` +
        "Use an image that the graph builds, or run this on AWS.",
    };
  const location =
    resource.inputs.dockerfile?.location ?? join(resource.inputs.context?.location ?? ".", "Dockerfile");
  const folder = dirname(join(root, location));
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest))
    return {
      problem: `The image ${image} is built in a folder without package.json, so its program '${program}' is unknown.`,
    };
  const file = (JSON.parse(readFileSync(manifest, "utf8")) as { bin?: Record<string, string> }).bin?.[
    program
  ];
  return file
    ? { file: join(folder, file) }
    : { problem: `The container's package.json names no program 'bin.${program}'.` };
}
