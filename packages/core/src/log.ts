import { Logger } from "@aws-lambda-powertools/logger";
import { lazy } from "./aws/lazy.ts";

/** Structured lines: level by POWERTOOLS_LOG_LEVEL, the prediction's id on each that concerns one. */
export const log = lazy(() => new Logger({ serviceName: "sluice" }));
