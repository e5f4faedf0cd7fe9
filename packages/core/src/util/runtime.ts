/** Time, randomness and standard output, passed in so that a test controls them. */
export interface Runtime {
  print(line: string): void;
  now(): number;
  sleep(ms: number): Promise<void>;
  random(): number;
}

export const systemRuntime: Runtime = {
  print: (line) => process.stdout.write(`${line}\n`),
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: () => Math.random(),
};
