/** Where a prediction's result lies, by the UTC day of its upload: the same key however often it is written. */
export function resultKey(model: string, createdAt: string, id: string): string {
  return `predictions/${model}/${createdAt.slice(0, 10).replaceAll("-", "/")}/${id}.json`;
}
