// AWS's quotas, lower where noted.
export const DATA_PER_CALL = 1000;
export const VALUES_PER_DATUM = 150;
export const DIMENSIONS = 30;
export const POINTS_PER_CALL = 100_800;
/** A data point may not be older than this, nor further in the future. */
export const OLDEST_MS = 14 * 86_400_000;
export const FUTURE_MS = 2 * 3_600_000;
/** AWS stores minutes for 15 days and coarser points for 15 months. Here only minutes are stored. */
export const KEEP_MS = 63 * 86_400_000;
export const MINUTE_MS = 60_000;
/** Distinct values stored for one minute. Beyond that, values are rounded to three digits, and so are percentiles. */
export const DISTINCT_VALUES = 200;

export const METRICS_PER_PAGE = 500;

export const ALARMS_PAGE = 50;
export const ALARMS_PAGE_MAX = 100;

export const DASHBOARDS_PER_PAGE = 1_000;
export const WIDGETS_PER_DASHBOARD = 500;
export const METRICS_PER_WIDGET = 500;
export const METRICS_PER_DASHBOARD = 2_500;

/** ListMetrics with RecentlyActive. */
export const RECENTLY_ACTIVE_MS = 3 * 3_600_000;
