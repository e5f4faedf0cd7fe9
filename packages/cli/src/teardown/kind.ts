// The kinds of resources that functions create. SST does not know them: `sst remove` leaves them behind.
import type { Target } from "../target/target.ts";

export interface Leftover {
  name: string;
  arn?: string;
  status?: string;
  /** US dollars while it exists, where the price is known. */
  cost?: { dollars: number; per: "month" | "hour"; formula: string };
}

export interface Kind {
  service: "SageMaker" | "Application Auto Scaling" | "CloudWatch" | "CloudWatch Logs";
  /** In the plural: "endpoints". */
  title: string;
  list(): Promise<Leftover[]>;
  /** Starts what takes minutes, so that all wait at once. */
  stop?(item: Leftover): Promise<void>;
  /** Returns when it is gone. Safe to repeat. */
  remove(item: Leftover): Promise<void>;
}

export interface Account {
  target: Pick<Target, "app" | "stage">;
  /** Configuration of AWS SDK clients. */
  sdk: object;
  /** Between two looks at a resource that is being removed. */
  pollMs: number;
}
