// What an operator may set in `.env` or `.env.<stage>`, which SST reads at each deployment: docs/operations.md.
import { models } from "@sluice/models/index.ts";
import { checkTargets, readVpc } from "./vpc-declaration.ts";

/** Receives every alarm, after its owner has confirmed the subscription. */
export const alertEmail = process.env["SLUICE_ALERT_EMAIL"];

const budgetText = process.env["SLUICE_MONTHLY_BUDGET"]?.trim();

/** USD a month, for the whole account. 0 declares no budget. */
export const monthlyBudget = Number(budgetText || 100);
if (!Number.isFinite(monthlyBudget) || monthlyBudget < 0)
  throw new Error(
    `SLUICE_MONTHLY_BUDGET is "${budgetText}". Set a number of USD, such as 100, or 0 for no budget.`,
  );

/** The VPC of functions, jobs and endpoints, if any: docs/deploying.md. */
export const vpc = readVpc(process.env);
if (vpc) checkTargets(models);

/** Requests to the HTTP API: AWS rejects more with status 429. */
export const throttle = { perSecond: 500, burst: 1_000 };
