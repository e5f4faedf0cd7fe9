// Bar charts: a histogram, and shares by name.
import { Bar } from "../component/bar.tsx";
import { formatCount, formatPercent } from "../format/number.ts";

interface HistogramProps {
  label: string;
  /** Equal bins from 0 to 1. */
  bins: number[];
  threshold?: number | undefined;
}

export function Histogram({ label, bins, threshold }: HistogramProps) {
  const max = Math.max(1, ...bins);
  const width = 100 / bins.length;
  return (
    <figure class="plot">
      <svg class="histogram" viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label={label}>
        {bins.map((value, index) => {
          const height = (value / max) * 38;
          const below = threshold !== undefined && (index + 0.5) / bins.length < threshold;
          return (
            <rect
              key={index}
              class={below ? "below" : ""}
              x={index * width + 0.15}
              width={width - 0.3}
              y={40 - height}
              height={height}
            >
              <title>{`${formatPercent(index / bins.length, 0)} to ${formatPercent((index + 1) / bins.length, 0)}: ${formatCount(value)}`}</title>
            </rect>
          );
        })}
        {threshold !== undefined && <line x1={threshold * 100} x2={threshold * 100} y1="0" y2="40" />}
      </svg>
      <figcaption class="scale">
        <span>0 %</span>
        <span>50 %</span>
        <span>100 %</span>
      </figcaption>
    </figure>
  );
}

interface SharesProps {
  of: Array<{ name: string; count: number; href?: string }>;
}

/** Each name with its share of the total. */
export function Shares({ of: parts }: SharesProps) {
  const total = Math.max(
    1,
    parts.reduce((sum, part) => sum + part.count, 0),
  );
  return (
    <ol class="ranked">
      {parts.map((part) => (
        <li key={part.name}>
          <span class="name">{part.href ? <a href={part.href}>{part.name}</a> : part.name}</span>
          <Bar share={part.count / total} />
          <span class="number" title={formatPercent(part.count / total)}>
            {formatCount(part.count)}
          </span>
        </li>
      ))}
    </ol>
  );
}
