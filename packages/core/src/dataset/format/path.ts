// Paths as label files write them: from any system, by anyone. What could leave the collection is refused.

/** The path cleaned of `./` and doubled slashes; undefined where it points outside or at no file. */
export function safePath(written: string): string | undefined {
  if (written.includes("\0") || written.startsWith("/") || /^[A-Za-z]:[\\/]/.test(written)) return undefined;
  const parts: string[] = [];
  for (const part of written.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length === 0 ? undefined : parts.join("/");
}

export const directory = (path: string) => path.slice(0, path.lastIndexOf("/") + 1);
export const basename = (path: string) => path.slice(path.lastIndexOf("/") + 1);
export const extension = (path: string) => /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
/** Without its extension. */
export const stem = (path: string) => path.replace(/\.[^./]+$/, "");
