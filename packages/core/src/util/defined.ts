/** Without what is undefined, however deep: the table has no word for it. */
export function defined<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
