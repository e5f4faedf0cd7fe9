/** A rectangle with its origin at the top left. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** In pixels of the image. */
export interface OverlayBox extends Rect {
  class: string;
  /** The confidence is below the threshold of the class. */
  below?: boolean | undefined;
}

export interface Size {
  width: number;
  height: number;
}
