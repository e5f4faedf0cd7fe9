// `Resource.X` typed on a fresh clone, where SST has not yet written its own sst-env.d.ts: same shape, from the lock.
import type { Lock } from "./lock.ts";
import { inProject } from "./project.ts";

export const resourceTypesFile = inProject("infra/resources.d.ts");

export function resourceTypes({ links }: Lock): string {
  const members = Object.entries(links).map(([name, properties]) => {
    const lines = Object.entries(properties).map(([key, value]) => `      ${key}: ${typeOf(key, value)};`);
    return `    ${name}: {\n${lines.join("\n")}\n    };`;
  });
  return `// Written by \`npm run synth\`: the properties of \`Resource\` in a function that links them.
export {};

declare module "sst" {
  export interface Resource {
${members.join("\n")}
  }
}
`;
}

const typeOf = (key: string, value: unknown) => (key === "type" ? JSON.stringify(value) : typeof value);
