/** Makes a client at its first use: importing the domain must need no stage and no network. */
export function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
