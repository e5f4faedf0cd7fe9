// Finds the route of an HTTP API for a request: the most specific one, `$default` last.

export interface Route<Target> {
  /** "GET /models/{id}", "ANY /files/{path+}", "$default". */
  key: string;
  target: Target;
}

export interface RouteMatch<Target> {
  route: Route<Target>;
  parameters?: Record<string, string>;
}

interface Scored<Target> extends RouteMatch<Target> {
  /** Compared segment by segment: literal 3, parameter 2, greedy 1; then the method: named 1, ANY 0. */
  score: number[];
}

export function matchRoute<Target>(
  routes: Route<Target>[],
  method: string,
  path: string,
): RouteMatch<Target> | undefined {
  let best: Scored<Target> | undefined;
  for (const route of routes) {
    const candidate = match(route, method, path);
    if (candidate && (!best || compare(candidate.score, best.score) > 0)) best = candidate;
  }
  return best;
}

function match<Target>(route: Route<Target>, method: string, path: string): Scored<Target> | undefined {
  if (route.key === "$default") return { route, score: [] };
  const [verb, pattern = "/"] = route.key.split(" ");
  if (verb !== "ANY" && verb !== method) return;
  const wanted = pattern.split("/").slice(1);
  const given = path.split("/").slice(1);
  const parameters: Record<string, string> = {};
  const score: number[] = [];
  for (const [index, segment] of wanted.entries()) {
    const name = /^\{(.+?)\+?\}$/.exec(segment)?.[1];
    const value = given[index];
    if (segment.endsWith("+}")) {
      if (given.length <= index) return;
      parameters[name!] = decode(given.slice(index).join("/"));
      return { route, parameters, score: [...score, 1, verb === "ANY" ? 0 : 1] };
    }
    if (value === undefined || (name ? value === "" : value !== segment)) return;
    if (name) parameters[name] = decode(value);
    score.push(name ? 2 : 3);
  }
  if (given.length !== wanted.length) return;
  const found = Object.keys(parameters).length > 0 ? parameters : undefined;
  return { route, parameters: found, score: [...score, verb === "ANY" ? 0 : 1] };
}

function compare(a: number[], b: number[]) {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? -1) - (b[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function decode(text: string) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
