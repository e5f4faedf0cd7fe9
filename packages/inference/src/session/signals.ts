// Wakes and stops a worker. A thread that is terminated inside native code (ONNX Runtime, the JPEG decoder) aborts the process:
// the bindings throw where nothing can catch it. So workers end only when they are idle.

/** Shared words: the number of waiting requests, whether to stop, and whether the worker is busy. */
export type Signals = Int32Array<SharedArrayBuffer>;
const READY = 0;
const STOP = 1;
const BUSY = 2;

/** Longer than an inference, shorter than anybody waits for a program to exit. */
const EXIT_MS = 10_000;
const running = new Set<Signals>();

export function createSignals(): Signals {
  const signals = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  // A worker loads native libraries first.
  signals[BUSY] = 1;
  return signals;
}

/** Call when the worker starts. */
export function registerWorker(signals: Signals) {
  // Before other listeners, which may remove what workers use.
  if (running.size === 0) process.prependListener("exit", stopAll);
  running.add(signals);
}

/** Call when the worker has ended. */
export function unregisterWorker(signals: Signals) {
  running.delete(signals);
  if (running.size === 0) process.off("exit", stopAll);
}

export function wakeWorker(signals: Signals) {
  Atomics.add(signals, READY, 1);
  Atomics.notify(signals, READY);
}

/** The worker finishes its current run first. */
export function requestStop(signals: Signals) {
  Atomics.store(signals, STOP, 1);
  wakeWorker(signals);
}

/** The exit of a process terminates all threads. */
function stopAll() {
  for (const signals of running) requestStop(signals);
  const end = performance.now() + EXIT_MS;
  for (const signals of running) Atomics.wait(signals, BUSY, 1, Math.max(0, end - performance.now()));
}

/** On the worker: blocks until a request is ready; false means stop. Without an event loop, a wake-up waits in no queue. */
export function waitForRequest(signals: Signals): boolean {
  markIdle(signals);
  while (Atomics.load(signals, READY) === 0) Atomics.wait(signals, READY, 0);
  Atomics.sub(signals, READY, 1);
  Atomics.store(signals, BUSY, 1);
  return Atomics.load(signals, STOP) === 0;
}

/** On the worker: it runs no native code until the next request. */
export function markIdle(signals: Signals) {
  Atomics.store(signals, BUSY, 0);
  Atomics.notify(signals, BUSY);
}
