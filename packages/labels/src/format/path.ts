// Paths as label files write them: from any system, by anyone. What could leave the collection is refused.

/** The path without `.` and `..`; undefined where it points outside or at no file. */
export function safePath(written: string): string | undefined {
  if (written === "" || written.includes("\0") || /^\/|^[A-Za-z]:[\\/]|(^|\/)\.{0,2}$/.test(written))
    return undefined;
  const parts: string[] = [];
  for (const part of written.split("/")) {
    if (part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  // A doubled slash within is part of a key; at the front it would be another root.
  const path = parts.join("/");
  return path === "" || path.startsWith("/") ? undefined : path;
}

export const directory = (path: string) => path.slice(0, path.lastIndexOf("/") + 1);
export const basename = (path: string) => path.slice(path.lastIndexOf("/") + 1);
export const extension = (path: string) => /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
/** Without its extension. */
export const stem = (path: string) => path.replace(/\.[^./]+$/, "");
