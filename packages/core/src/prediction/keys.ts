/** The key of a result, by the UTC day of the upload: each attempt writes the same key. */
export function resultKey(model: string, createdAt: string, id: string): string {
  return `predictions/${model}/${createdAt.slice(0, 10).replaceAll("-", "/")}/${id}.json`;
}
