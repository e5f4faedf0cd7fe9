// The operations on dashboards.
import type {
  DeleteDashboardsCommandInput,
  GetDashboardCommandInput,
  ListDashboardsCommandInput,
  PutDashboardCommandInput,
} from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../../kernel/error.ts";
import type { Operation } from "../../../kernel/service.ts";
import { checkDashboardBody } from "../dashboard-body.ts";
import type { Dashboards } from "../dashboards.ts";
import { invalid, missing } from "../error.ts";
import { DASHBOARDS_PER_PAGE } from "../limits.ts";

const NAME = /^[A-Za-z0-9_-]{1,255}$/;

export function dashboardOperations(dashboards: Dashboards): Record<string, Operation> {
  return {
    PutDashboard({ DashboardName, DashboardBody }: PutDashboardCommandInput) {
      if (!DashboardName) throw missing("The parameter DashboardName is required.");
      if (!DashboardBody) throw missing("The parameter DashboardBody is required.");
      putDashboard(dashboards, DashboardName, DashboardBody);
      return { DashboardValidationMessages: [] };
    },
    GetDashboard({ DashboardName }: GetDashboardCommandInput) {
      if (!DashboardName) throw missing("The parameter DashboardName is required.");
      const found = dashboards.find(DashboardName);
      if (!found) throw notFound(`Dashboard ${DashboardName} does not exist`);
      return {
        DashboardArn: dashboards.arnOf(found.name),
        DashboardBody: found.body,
        DashboardName: found.name,
      };
    },
    ListDashboards({ DashboardNamePrefix = "", NextToken }: ListDashboardsCommandInput) {
      const found = dashboards.rows().filter(({ name }) => name.startsWith(DashboardNamePrefix));
      const from = Number(NextToken ?? 0);
      const end = from + DASHBOARDS_PER_PAGE;
      return {
        DashboardEntries: found.slice(from, end).map(({ name, body, changed }) => ({
          DashboardName: name,
          DashboardArn: dashboards.arnOf(name),
          LastModified: new Date(changed),
          Size: Buffer.byteLength(body),
        })),
        ...(found.length > end && { NextToken: String(end) }),
      };
    },
    /** Deletes all of them, or none. */
    DeleteDashboards({ DashboardNames = [] }: DeleteDashboardsCommandInput) {
      const unknown = DashboardNames.filter((name) => !dashboards.find(name));
      if (unknown.length > 0)
        throw notFound(`The specified dashboard does not exist. [${unknown.join(", ")}]`);
      dashboards.remove(DashboardNames);
      return {};
    },
  };
}

/** Also for the dashboards of the graph. */
export function putDashboard(dashboards: Dashboards, name: string, body: string): void {
  if (!NAME.test(name))
    throw invalid(
      `The value ${name} for parameter DashboardName is invalid. Use up to 255 letters, digits, "-" and "_".`,
    );
  checkDashboardBody(body);
  dashboards.put(name, body);
}

const notFound = (message: string) => new AwsError("DashboardNotFoundError", message, { status: 404 });
