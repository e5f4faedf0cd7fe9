interface IntervalProps {
  value: number;
  low: number;
  high: number;
  /** The scale: the same for all bars that are compared. */
  from: number;
  to: number;
}

/** An interval as a bar, with its value as a line. */
export function Interval({ value, low, high, from, to }: IntervalProps) {
  const span = to - from || 1;
  const at = (position: number) => Math.max(0, Math.min(100, ((position - from) / span) * 100));
  return (
    <svg class="interval" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" y="4" width="100" height="2" />
      <rect class="fill" x={at(low)} width={Math.max(1, at(high) - at(low))} y="2" height="6" />
      <line x1={at(value)} x2={at(value)} y1="0" y2="10" />
    </svg>
  );
}
