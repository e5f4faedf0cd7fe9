// The programs that jobs and models may run, registered at boot. An image URI identifies the folder of its Dockerfile;
// `bin` in that folder's package.json lists its programs: `serve`, `train`, or a job's entrypoint.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ResolvedGraph } from "../../kernel/graph.ts";

export const IMAGE_TYPE = "docker-build:index:Image";

interface ImageInputs {
  dockerfile?: { location?: string };
  context?: { location?: string };
}

export interface ProgramRegistry {
  /** The file of a program, or the problem. Requests contain names of programs, never files. */
  find(image: string, program: string): { file: string } | { problem: string };
}

export function registerPrograms(graph: ResolvedGraph, root: string): ProgramRegistry {
  const images = graph.all<ImageInputs>(IMAGE_TYPE).map((resource) => ({
    uris: Object.values(resource.attributes),
    programs: readPrograms(resource.inputs, root),
  }));
  return {
    find(image, program) {
      const found = images.find(({ uris }) => uris.includes(image));
      if (!found)
        return {
          problem:
            `The resource graph does not build the image ${image}, and it cannot be pulled without Docker. ` +
            "Use an image of the graph, or run this on AWS.",
        };
      if (!found.programs)
        return {
          problem: `The image ${image} is built in a folder without package.json, so its program '${program}' is unknown.`,
        };
      const file = found.programs.get(program);
      return file ? { file } : { problem: `The container's package.json has no program 'bin.${program}'.` };
    },
  };
}

function readPrograms(
  { dockerfile, context }: ImageInputs,
  root: string,
): ReadonlyMap<string, string> | undefined {
  const folder = dirname(join(root, dockerfile?.location ?? join(context?.location ?? ".", "Dockerfile")));
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) return undefined;
  const { bin = {} } = JSON.parse(readFileSync(manifest, "utf8")) as { bin?: Record<string, string> };
  return new Map(Object.entries(bin).map(([name, file]) => [name, join(folder, file)]));
}
