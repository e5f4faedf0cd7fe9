import type { Point } from "./box.ts";

/** Screen pixels: how far from a box a press still means it. */
export const REACH_PX = { fine: 8, coarse: 20 };

export const reachOf = (event: MouseEvent) =>
  "pointerType" in event && event.pointerType !== "mouse" ? REACH_PX.coarse : REACH_PX.fine;

/** The image point under the pointer. */
export function toImage(svg: SVGSVGElement, { clientX, clientY }: MouseEvent): Point {
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM()!.inverse());
  return { x, y };
}
