/** A line of a table: figures as numbers, everything else as text. */
export type Row = Record<string, string | number>;

export interface Table {
  title: string;
  rows: Row[];
}

/** Receives each table when it is complete, so that a later failure does not lose it. */
export type Report = (table: Table) => void;

export interface Measurement {
  /** What it measures, in one line. */
  what: string;
  /** The limit or the peer that its figures are compared with. */
  against: string;
  /** What its size counts. */
  unit: string;
  size: number;
  /** The smallest size that still runs the same code and passes the same checks. */
  small: number;
  /** What the machine must have besides Node. */
  needs?: string;
  /** `run` throws when a result is wrong, never when a figure is over its limit: figures depend on the machine. */
  load(): Promise<{ run(size: number, report: Report): Promise<void> }>;
}

export type Measurements = Record<string, Measurement>;
