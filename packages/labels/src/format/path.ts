// Paths in label files, from any system. Paths that leave the collection are rejected.

/** Resolves `.` and `..`. `undefined` for a path outside the collection or without a file name. */
export function safePath(written: string): string | undefined {
  if (written === "" || written.includes("\0") || /^\/|^[A-Za-z]:[\\/]|(^|\/)\.{0,2}$/.test(written))
    return undefined;
  const parts: string[] = [];
  for (const part of written.split("/")) {
    if (part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  // Keys may contain `//`, but not at the start.
  const path = parts.join("/");
  return path === "" || path.startsWith("/") ? undefined : path;
}

export const directory = (path: string) => path.slice(0, path.lastIndexOf("/") + 1);
export const basename = (path: string) => path.slice(path.lastIndexOf("/") + 1);
export const extension = (path: string) => /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
/** Without its extension. */
export const stem = (path: string) => path.replace(/\.[^./]+$/, "");
