// Asks IAM what the policies of a user or role allow, without a call to the services.
import { type ContextEntry, IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";

export interface Question {
  actions: string[];
  resources: string[];
  /** Condition keys and their values. */
  context: Record<string, string>;
}

export const openIam = (sdk: object) => new IAMClient({ ...sdk, maxAttempts: 10 });

/** What is denied, as "action on resource". */
export async function findDenied(
  client: IAMClient,
  principal: string,
  question: Question,
): Promise<string[]> {
  const denied: string[] = [];
  let Marker: string | undefined;
  do {
    const answer = await client.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: principal,
        ActionNames: question.actions,
        ResourceArns: question.resources,
        ContextEntries: Object.entries(question.context).map(([ContextKeyName, value]): ContextEntry => ({
          ContextKeyName,
          ContextKeyValues: [value],
          ContextKeyType: "string",
        })),
        Marker,
      }),
    );
    for (const { EvalDecision, EvalActionName, EvalResourceName } of answer.EvaluationResults ?? [])
      if (EvalDecision !== "allowed") denied.push(`${EvalActionName} on ${EvalResourceName}`);
    Marker = answer.IsTruncated ? answer.Marker : undefined;
  } while (Marker);
  return denied;
}

export const isDenied = (error: unknown) =>
  /^AccessDenied|NotAuthorized|^UnauthorizedOperation/.test((error as Error).name);
