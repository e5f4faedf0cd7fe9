/** How long anything here may take on a busy machine: only what fails waits so long. */
const PATIENCE_MS = 60_000;
const BETWEEN_MS = 40;

/** Asks again until there is an answer; in the end throws what the last try threw. */
export async function until<T>(ask: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const end = performance.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
    }
  }
}
