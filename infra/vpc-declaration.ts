// Reads the VPC that an operator declares: docs/deploying.md, "In a VPC".

export interface Vpc {
  subnets: string[];
  securityGroups: string[];
  /** Where Sluice creates the endpoints of the services that it calls. */
  endpoints?: { vpc: string; routeTables: string[] };
}

type Environment = Record<string, string | undefined>;
type Setting = (typeof SETTINGS)[number];

const SETTINGS = [
  // The limits of Lambda and of SageMaker are equal.
  { name: "SLUICE_VPC_SUBNETS", kind: "subnet", most: 16 },
  { name: "SLUICE_VPC_SECURITY_GROUPS", kind: "sg", most: 5 },
  { name: "SLUICE_VPC_ENDPOINTS", kind: "vpc", most: 1 },
  { name: "SLUICE_VPC_ROUTE_TABLES", kind: "rtb", most: 50 },
] as const;

/** Undefined when no setting is declared. */
export function readVpc(environment: Environment): Vpc | undefined {
  const [subnets, securityGroups, vpc, routeTables] = SETTINGS.map((setting) => idsOf(environment, setting));
  if (!subnets && !securityGroups && !vpc && !routeTables) return undefined;
  if (!subnets) throw missing(SETTINGS[0]);
  if (!securityGroups) throw missing(SETTINGS[1]);
  if (!vpc && !routeTables) return { subnets, securityGroups };
  if (!vpc) throw missing(SETTINGS[2]);
  if (!routeTables) throw missing(SETTINGS[3]);
  return { subnets, securityGroups, endpoints: { vpc: vpc[0]!, routeTables } };
}

function idsOf(environment: Environment, setting: Setting): string[] | undefined {
  const { name, kind, most } = setting;
  const value = environment[name]?.trim();
  if (!value) return undefined;
  const ids = value.split(",").map((id) => id.trim());
  const wrong = ids.find((id) => !new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(id));
  const problem =
    wrong !== undefined
      ? `"${wrong}" is not such an id`
      : new Set(ids).size < ids.length
        ? "an id is repeated"
        : ids.length > most && `it has ${ids.length}`;
  if (problem) throw new Error(`${name} must be ${allowed(setting)}, but it is "${value}": ${problem}.`);
  return ids;
}

const missing = (setting: Setting) =>
  new Error(
    `${setting.name} is not set, but another setting of the VPC requires it. ` +
      `Set it to ${allowed(setting)}, or unset every SLUICE_VPC_ setting: docs/deploying.md.`,
  );

function allowed({ kind, most }: Setting): string {
  const example = `${kind}-0123456789abcdef0`;
  return most === 1
    ? `one id such as ${example}`
    : `1 to ${most} ids such as ${example}, with commas between`;
}

/** SageMaker has no serverless endpoints in a VPC. */
export function checkTargets(models: readonly { name: string; hosting: { target: string } }[]) {
  const serverless = models.filter(({ hosting }) => hosting.target === "serverless").map(({ name }) => name);
  if (serverless.length > 0)
    throw new Error(
      `A VPC is declared, but serverless endpoints cannot be in a VPC: ${serverless.join(", ")}. ` +
        `Declare hosting: { target: "realtime" } or { target: "async" } in packages/models/src/<name>.ts, ` +
        "or unset every SLUICE_VPC_ setting.",
    );
}
