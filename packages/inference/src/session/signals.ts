// How the caller wakes a model's thread, and how it stops it. A thread that is ended inside native code (ONNX Runtime, the JPEG
// decoder) takes the whole process down: bindings throw where nothing can catch it. So it is asked to stop, and ended at rest.

/** How many requests wait for the thread, whether it shall stop, and whether it is at work. */
export type Signals = Int32Array<SharedArrayBuffer>;
const READY = 0;
const STOP = 1;
const AT_WORK = 2;

/** Longer than inferences take, shorter than anybody waits for a program to end. */
const EXIT_MS = 10_000;
const running = new Set<Signals>();

export function newSignals(): Signals {
  const signals = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  // It loads its libraries before it is first heard of.
  signals[AT_WORK] = 1;
  return signals;
}

/** For a thread that has begun. */
export function remember(signals: Signals) {
  // Before others, who may take away what threads work with.
  if (running.size === 0) process.prependListener("exit", leave);
  running.add(signals);
}

/** For a thread that has ended. */
export function forget(signals: Signals) {
  running.delete(signals);
  if (running.size === 0) process.off("exit", leave);
}

export function wake(signals: Signals) {
  Atomics.add(signals, READY, 1);
  Atomics.notify(signals, READY);
}

/** It ends when it has done what it is doing. */
export function stop(signals: Signals) {
  Atomics.store(signals, STOP, 1);
  wake(signals);
}

/** Whoever exits ends all threads wherever they are. */
function leave() {
  for (const signals of running) stop(signals);
  const end = performance.now() + EXIT_MS;
  for (const signals of running) Atomics.wait(signals, AT_WORK, 1, Math.max(0, end - performance.now()));
}

/** On the thread: rests until there is something to do. No event loop: what one call wakes waits in no queue. */
export function awaited(signals: Signals): boolean {
  rest(signals);
  while (Atomics.load(signals, READY) === 0) Atomics.wait(signals, READY, 0);
  Atomics.sub(signals, READY, 1);
  Atomics.store(signals, AT_WORK, 1);
  return Atomics.load(signals, STOP) === 0;
}

/** On the thread: no native code from here on. */
export function rest(signals: Signals) {
  Atomics.store(signals, AT_WORK, 0);
  Atomics.notify(signals, AT_WORK);
}
