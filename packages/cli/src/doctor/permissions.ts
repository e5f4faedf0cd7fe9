// Compares the permissions of the deployed roles with those that infra/ declares: each action on each resource is
// simulated. The path of an upload, a training and a deployment needs exactly these.
import { LambdaClient } from "@aws-sdk/client-lambda";
import { type CheckContext, type CheckResult, fail, ok, warn } from "./check.ts";
import { type DeployedFunction, listFunctions } from "./functions.ts";
import { declaredResources } from "./graph.ts";
import { findDenied, isDenied, openIam, type Question } from "./simulate.ts";
import { hasLinks, createPlaceholderResolver, type Resolve } from "./placeholders.ts";

/** Roles that SageMaker uses. */
const SERVICE_ROLES = ["HostingRole", "TrainingRole", "EvaluationRole"];
/** IAM limits the rate of simulations. */
const CONCURRENT_ROLES = 4;
/** A wildcard stands for any text: this one is tested. */
const EXAMPLE = "sluice-doctor";

interface Statement {
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

interface Role {
  logical: string;
  arn: string;
  questions: Question[];
}

export async function checkPermissions({ sdk, target }: CheckContext): Promise<CheckResult[]> {
  const functions = await listFunctions(new LambdaClient(sdk), target);
  if (functions.length === 0)
    return [fail("No function is deployed.", "Deploy with `npx sst deploy`, or run `npm start`.")];
  const environment = { ...process.env, ...target.environment };
  if (!hasLinks(environment))
    return [
      warn(
        "The names of the deployed resources are not known, so no permission was tested.",
        `Run \`doctor\` in the stage's environment: npx sst shell --stage ${target.stage} npx sluice doctor`,
      ),
    ];
  const { roles, untested } = readRoles(functions, createPlaceholderResolver(functions, environment, target));
  const client = openIam(sdk);
  const waiting = [...roles];
  const results: CheckResult[] = [];
  const check = async () => {
    for (let role = waiting.shift(); role; role = waiting.shift()) {
      const denied: string[] = [];
      for (const question of role.questions) denied.push(...(await findDenied(client, role.arn, question)));
      if (denied.length > 0)
        results.push(
          fail(
            `${role.logical} lacks ${denied.join(", ")}.`,
            "Deploy again with `npx sst deploy`: infra/ declares these permissions. If that does not help, look for a permissions boundary or an SCP.",
          ),
        );
    }
  };
  try {
    await Promise.all(Array.from({ length: CONCURRENT_ROLES }, check));
  } catch (error) {
    if (!isDenied(error)) throw error;
    return [
      warn(
        "These credentials cannot simulate policies, so no permission was tested.",
        "Allow iam:SimulatePrincipalPolicy, or test end to end with --deep.",
      ),
    ];
  }
  if (results.length > 0) return results;
  const count = roles
    .flatMap(({ questions }) => questions)
    .reduce((sum, { actions, resources }) => sum + actions.length * resources.length, 0);
  const rest =
    untested.length > 0
      ? `; not tested, because their deployed names are unknown: ${untested.join(", ")}`
      : "";
  return [ok(`${roles.length} roles have the ${count} permissions that infra/ declares${rest}`)];
}

function readRoles(functions: DeployedFunction[], resolve: Resolve) {
  const untested = new Set<string>();
  const roles = declaredResources("aws:iam/role:Role").flatMap(({ name, inputs }): Role[] => {
    const owner = functions.find(({ logical }) => logical === name.replace(/Role$/, "Function"));
    const arn = owner?.Role ?? (SERVICE_ROLES.includes(name) ? resolve(`\${${name}.arn}`) : undefined);
    if (!arn) return [];
    const policies = (inputs["inlinePolicies"] ?? []) as Array<{ policy: string }>;
    const statements = policies.flatMap(
      ({ policy }) => (JSON.parse(policy) as { Statement: Statement[] }).Statement,
    );
    return [
      {
        logical: name,
        arn,
        questions: mergeQuestions(statements.flatMap((one) => toQuestion(one, resolve, untested))),
      },
    ];
  });
  return { roles, untested: [...untested].toSorted() };
}

function toQuestion(
  { Action, Resource, Condition = {} }: Statement,
  resolve: Resolve,
  untested: Set<string>,
): Question[] {
  const resources = [Resource].flat().flatMap((declared) => {
    const resolved = resolve(declared);
    if (resolved !== undefined) return [resolved === "*" ? "*" : concrete(resolved, resolve)];
    untested.add(declared.replace(/^\$\{(\w+)\.\w+\}.*$/, "$1"));
    return [];
  });
  if (resources.length === 0) return [];
  const context = Object.fromEntries(
    Object.values(Condition).flatMap((keys) =>
      Object.entries(keys).map(([key, values]) => [key, [values].flat()[0]!.replaceAll("*", EXAMPLE)]),
    ),
  );
  return [{ actions: [Action].flat(), resources, context }];
}

/** Region and account of an ARN may be wildcards too. */
function concrete(arn: string, resolve: Resolve): string {
  const parts = arn.split(":");
  if (parts[3] === "*") parts[3] = resolve("${aws.region}")!;
  if (parts[4] === "*") parts[4] = resolve("${aws.account}")!;
  return parts.join(":").replaceAll("*", EXAMPLE);
}

/** One question for equal resources: fewer calls. */
function mergeQuestions(questions: Question[]): Question[] {
  const byResources = new Map<string, Question>();
  for (const question of questions) {
    const key = JSON.stringify([question.resources, question.context]);
    const same = byResources.get(key);
    byResources.set(key, {
      ...question,
      actions: [...new Set([...(same?.actions ?? []), ...question.actions])],
    });
  }
  return [...byResources.values()];
}
