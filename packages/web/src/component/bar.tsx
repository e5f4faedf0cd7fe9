interface BarProps {
  share: number;
  threshold?: number | undefined;
}

/** A share from 0 to 1 as a bar, with its threshold as a line. */
export function Bar({ share, threshold }: BarProps) {
  const below = threshold !== undefined && share < threshold;
  return (
    <svg
      class={`bar ${below ? "below" : ""}`}
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect class="track" width="100" height="10" />
      <rect class="fill" width={Math.max(0, Math.min(1, share)) * 100} height="10" />
      {threshold !== undefined && (
        <line class="threshold" x1={threshold * 100} x2={threshold * 100} y1="0" y2="10" />
      )}
    </svg>
  );
}
