import { CreateLogGroupCommand, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { linked } from "../aws/link.ts";
import { logs } from "../aws/logs.ts";
import { log } from "../log.ts";

/** SageMaker stores the logs of an endpoint forever, unless their group expires. It uses a group that exists. */
export async function expireLogs(endpoint: string): Promise<void> {
  const logGroupName = `/aws/sagemaker/Endpoints/${endpoint}`;
  try {
    await logs()
      .send(new CreateLogGroupCommand({ logGroupName }))
      .catch((error: unknown) => {
        if ((error as Error).name !== "ResourceAlreadyExistsException") throw error;
      });
    const retentionInDays = Number(linked("Hosting", "logDays"));
    await logs().send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
  } catch (error) {
    log().warn("The endpoint's logs do not expire", { endpoint, error: String(error) });
  }
}
