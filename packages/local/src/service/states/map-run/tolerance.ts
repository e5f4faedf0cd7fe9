interface Tolerance {
  /** 0 where it is not declared. */
  toleratedCount: number;
  toleratedPercentage: number;
}

/** Without a declared tolerance, any failure is too much. With both, either ends the run. */
export function isOverTolerance(
  { toleratedCount, toleratedPercentage }: Tolerance,
  failed: number,
  total: number,
): boolean {
  if (failed === 0) return false;
  if (toleratedCount === 0 && toleratedPercentage === 0) return true;
  const overCount = toleratedCount > 0 && failed > toleratedCount;
  const overPercentage = toleratedPercentage > 0 && (failed / total) * 100 > toleratedPercentage;
  return overCount || overPercentage;
}
