// The changes that were reported: the same change may arrive live and from the list of missed changes.
import type { LiveEvent } from "@sluice/core/live/live.ts";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";

interface Listeners {
  onPrediction(prediction: Prediction): void;
  onEvent?(event: LiveEvent): void;
  /** A listener has thrown. Default: an uncaught error. */
  onListenerError?(error: unknown): void;
}

export class SeenChanges {
  /** Of a prediction its last change, of an event nothing; with the server's time of receipt. */
  readonly #known = new Map<string, { change: string; at: string }>();
  readonly #listeners: Listeners;

  constructor(listeners: Listeners) {
    this.#listeners = listeners;
  }

  /** A state that is older than a reported one is not reported: messages may overtake each other. */
  addPrediction(prediction: Prediction, at: string): void {
    if (this.#isNew(prediction.id, prediction.changedAt, at))
      this.#report(() => this.#listeners.onPrediction(prediction));
  }

  addEvent(event: LiveEvent, at: string): void {
    if (this.#isNew(event.id, "", at)) this.#report(() => this.#listeners.onEvent?.(event));
  }

  /** Forgets what no list of missed changes can contain any more. */
  forgetBefore(at: string): void {
    for (const [id, known] of this.#known) if (known.at < at) this.#known.delete(id);
  }

  /** The changes after one whose listener throws are reported too. */
  #report(notify: () => void): void {
    try {
      notify();
    } catch (error) {
      if (this.#listeners.onListenerError) this.#listeners.onListenerError(error);
      else
        setTimeout(() => {
          throw error;
        });
    }
  }

  #isNew(id: string, change: string, at: string): boolean {
    const known = this.#known.get(id);
    if (known && known.change >= change) return false;
    this.#known.set(id, { change, at });
    return true;
  }
}
