/** A captured prediction, as monitoring sees it. */
export interface MonitoredItem {
  id: string;
  /** Epoch ms. */
  at: number;
  /** The strongest class; absent for an image without objects. */
  class?: string;
  /** Of the strongest class, 0 to 1. */
  confidence?: number;
  /** Of all classes, for a classifier. */
  probabilities?: readonly number[];
  /** Boxes that reach the gate, for a detector. */
  boxes?: readonly { class: string; confidence: number }[];
  /** Descriptors, such as `brightness`. Values that are not finite numbers are left out. */
  numbers: Readonly<Record<string, number>>;
  /** Descriptors that are names, such as `script`. */
  categories: Readonly<Record<string, string>>;
  /** Base64, as the engine returns it. */
  embedding?: string;
}
