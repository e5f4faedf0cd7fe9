// Which file imports which, read from the source text, and the cycles in that graph.
import { globSync, readFileSync } from "node:fs";
import path from "node:path";

export interface Import {
  statement: string;
  target: string;
  /** Erased by type stripping: `import type`, or only `type` names in the braces. */
  typeOnly: boolean;
}

const STATEMENT =
  /(?:^(?:import|export)\b(?<names>[^;"']*?)from\s*|^import\s*|\bimport\()\s*["'](?<target>[^"']+)["']/gm;

export function importsOf(source: string): Import[] {
  return [...source.matchAll(STATEMENT)].map(({ 0: statement, groups }) => ({
    statement,
    target: groups!["target"]!,
    typeOnly: isTypeOnly(groups!["names"] ?? ""),
  }));
}

function isTypeOnly(names: string): boolean {
  const text = names.trim();
  if (/^type\b/.test(text)) return true;
  const inBraces = /^\{(.*)\}$/s.exec(text)?.[1];
  if (inBraces === undefined) return false;
  const each = inBraces.split(",").map((name) => name.trim());
  return each.some(Boolean) && each.every((name) => name === "" || name.startsWith("type "));
}

export interface Edge {
  from: string;
  to: string;
  typeOnly: boolean;
}

/** The imports between the files of one package; paths are relative to its `src`, which is `dir`. */
export function importsWithin(dir: string, packageName: string): Edge[] {
  const files = globSync("**/*.{ts,tsx}", { cwd: dir }).filter((file) => !/\.test\.tsx?$|testing/.test(file));
  return files.flatMap((from) =>
    importsOf(readFileSync(path.join(dir, from), "utf8")).flatMap(({ target, typeOnly }) => {
      const to = target.startsWith(".")
        ? path.join(path.dirname(from), target)
        : target.startsWith(`${packageName}/`)
          ? target.slice(packageName.length + 1)
          : undefined;
      return to === undefined || to.startsWith("..") ? [] : [{ from, to, typeOnly }];
    }),
  );
}

/** Value imports between first-level folders. The files beside them are the folder ".". */
export function betweenFolders(edges: Edge[]): Edge[] {
  const folder = (file: string) => (file.includes("/") ? file.slice(0, file.indexOf("/")) : ".");
  return edges
    .filter(({ typeOnly }) => !typeOnly)
    .map(({ from, to }) => ({ from: folder(from), to: folder(to), typeOnly: false }))
    .filter(({ from, to }) => from !== to);
}

/** Groups of nodes that reach each other (Tarjan's strongly connected components), sorted. */
export function cyclesOf(edges: Edge[]): string[][] {
  const next = Map.groupBy(edges, ({ from }) => from);
  const index = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];

  const visit = (node: string) => {
    index.set(node, index.size);
    lowest.set(node, index.get(node)!);
    stack.push(node);
    for (const { to } of next.get(node) ?? []) {
      if (!index.has(to)) visit(to);
      if (stack.includes(to)) lowest.set(node, Math.min(lowest.get(node)!, lowest.get(to)!));
    }
    if (lowest.get(node) !== index.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1 || next.get(node)?.some(({ to }) => to === node)) cycles.push(group.toSorted());
  };
  for (const node of next.keys()) if (!index.has(node)) visit(node);
  return cycles.toSorted((a, b) => a[0]!.localeCompare(b[0]!));
}
