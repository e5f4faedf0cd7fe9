// Connects zoom and scroll position of a frame to wheel, touch and mouse.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Point } from "./box.ts";
import { clampZoom, type Pinch, pinchOf, scrollAfterZoom, zoomForWheel } from "./zoom.ts";

/** Screen pixels up to which a press is a click. */
export const CLICK_PX = 4;

export interface Zoom {
  zoom: number;
  /** Width of the frame in screen pixels. 0 before the first layout. */
  width: number;
  /** `at`: the point of the frame that stays. Default: the center. */
  zoomTo(zoom: number, at?: Point): void;
  /** Scrolls by shares of the frame. */
  panBy(across: number, down: number): void;
}

type FrameRef = { current: HTMLDivElement | null };

/** The first element of the frame is the sheet, which has the size of the zoomed image. */
export function useZoom(frame: FrameRef): Zoom & { show(zoom: number, scroll: Point): void } {
  const [zoom, setZoom] = useState(1);
  const [width, setWidth] = useState(0);
  const latest = useRef(zoom);
  useLayoutEffect(() => {
    const element = frame.current!;
    const measure = () => setWidth(element.getBoundingClientRect().width);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const show = (next: number, scroll: Point) => {
    const element = frame.current!;
    latest.current = next;
    setZoom(next);
    // Before the rendering, because the scroll position is limited by the size of the sheet.
    (element.firstElementChild as HTMLElement).style.width = `${width * next}px`;
    element.scrollTo(scroll.x, scroll.y);
  };
  const zoomTo = (next: number, at = centerOf(frame.current!)) =>
    show(next, scrollAfterZoom(scrollOf(frame.current!), at, next / latest.current));
  const panBy = (across: number, down: number) => {
    const { clientWidth, clientHeight } = frame.current!;
    frame.current!.scrollBy(across * clientWidth, down * clientHeight);
  };
  return { zoom: latest.current, width, zoomTo, panBy, show };
}

/** Ctrl and the wheel zoom, as the pinch of a trackpad does. The wheel alone scrolls. */
export function handleWheel(event: WheelEvent, frame: HTMLElement, { zoom, zoomTo }: Zoom): void {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  zoomTo(zoomForWheel(zoom, event.deltaY), pointIn(frame, event));
}

interface PinchStart {
  pinch: Pinch;
  zoom: number;
  scroll: Point;
}

/** Two fingers zoom and move the image. One finger scrolls or draws. */
export function usePinch(frame: FrameRef, { zoom, show }: ReturnType<typeof useZoom>) {
  const start = useRef<PinchStart>(undefined);
  const begin = ({ touches }: TouchEvent) => {
    const pinch = pinchIn(frame.current!, touches);
    start.current = pinch && { pinch, zoom, scroll: scrollOf(frame.current!) };
  };
  const move = (event: TouchEvent) => {
    const [from, now] = [start.current, pinchIn(frame.current!, event.touches)];
    if (!from || !now) return;
    if (event.cancelable) event.preventDefault();
    const next = clampZoom((from.zoom * now.distance) / from.pinch.distance);
    const { x, y } = scrollAfterZoom(from.scroll, from.pinch.center, next / from.zoom);
    show(next, { x: x + from.pinch.center.x - now.center.x, y: y + from.pinch.center.y - now.center.y });
  };
  return { onTouchStart: begin, onTouchMove: move, onTouchEnd: begin, onTouchCancel: begin };
}

/** A drag of the mouse moves the zoomed image. */
export function useDrag(frame: FrameRef, enabled: boolean) {
  const last = useRef<Point & { moved: boolean }>(undefined);
  const down = ({ pointerType, button, target, clientX: x, clientY: y }: PointerEvent) => {
    // The scroll bars belong to the frame itself.
    const scrollBar = target === frame.current;
    last.current =
      enabled && pointerType === "mouse" && button === 0 && !scrollBar ? { x, y, moved: false } : undefined;
  };
  const move = ({ buttons, pointerId, clientX: x, clientY: y }: PointerEvent) => {
    const from = last.current;
    if (!from || buttons === 0) return void (last.current = undefined);
    if (!from.moved && Math.hypot(x - from.x, y - from.y) < CLICK_PX) return;
    if (!from.moved) frame.current!.setPointerCapture(pointerId);
    frame.current!.scrollBy(from.x - x, from.y - y);
    last.current = { x, y, moved: true };
  };
  return { onPointerDown: down, onPointerMove: move };
}

const scrollOf = ({ scrollLeft: x, scrollTop: y }: HTMLElement): Point => ({ x, y });

const centerOf = ({ clientWidth, clientHeight }: HTMLElement): Point => ({
  x: clientWidth / 2,
  y: clientHeight / 2,
});

function pointIn(frame: HTMLElement, { clientX, clientY }: { clientX: number; clientY: number }): Point {
  const { left, top } = frame.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

function pinchIn(frame: HTMLElement, touches: TouchList): Pinch | undefined {
  if (touches.length !== 2) return undefined;
  return pinchOf(pointIn(frame, touches[0]!), pointIn(frame, touches[1]!));
}
