// Who may assume a role: services, and nobody else. SST lets the whole account assume the roles of functions.
import { account, arnOf } from "./account.ts";

interface Trust {
  Statement: { Principal: { Service?: string | string[] } }[];
}

/** Conditions against a service that acts for another account. */
const confusedDeputy: Record<string, object> = {
  "sagemaker.amazonaws.com": { StringEquals: { "aws:SourceAccount": account } },
  "scheduler.amazonaws.com": {
    StringEquals: { "aws:SourceAccount": account },
    ArnEquals: { "aws:SourceArn": arnOf("scheduler", "schedule-group/default") },
  },
};

function servicesOf(policy: Trust | string): string[] {
  const { Statement } = typeof policy === "string" ? (JSON.parse(policy) as Trust) : policy;
  return Statement.flatMap(({ Principal }) => Principal.Service ?? []);
}

// `sst dev` runs functions on the developer's machine, with their roles.
if (!$dev)
  $transform(aws.iam.Role, (args) => {
    args.assumeRolePolicy = $jsonStringify({
      Version: "2012-10-17",
      Statement: $util.output(args.assumeRolePolicy).apply((policy) =>
        servicesOf(policy as Trust | string).map((Service) => ({
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service },
          ...(confusedDeputy[Service] && { Condition: confusedDeputy[Service] }),
        })),
      ),
    });
  });
