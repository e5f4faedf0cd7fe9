import type { Point } from "./box.ts";

/** Screen pixels: how far from a box a press still means it. */
export const REACH_PX = { fine: 8, coarse: 20 };

export const reachOf = ({ pointerType }: PointerEvent) =>
  pointerType === "mouse" ? REACH_PX.fine : REACH_PX.coarse;

/** The image point under the pointer. */
export function toImage(svg: SVGSVGElement, { clientX, clientY }: MouseEvent): Point {
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM()!.inverse());
  return { x, y };
}
