// Training and processing jobs, and their log streams. All jobs of an account share two log groups, so that a stage
// removes its streams only.
import {
  CloudWatchLogsClient,
  DeleteLogStreamCommand,
  paginateDescribeLogStreams,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  DeleteProcessingJobCommand,
  DeleteTrainingJobCommand,
  DescribeProcessingJobCommand,
  DescribeTrainingJobCommand,
  paginateListProcessingJobs,
  paginateListTrainingJobs,
  type SageMakerClient,
  StopProcessingJobCommand,
  StopTrainingJobCommand,
} from "@aws-sdk/client-sagemaker";
import { isMissing } from "@sluice/core/aws/sagemaker-errors.ts";
import { readPrices } from "@sluice/core/cost/prices.ts";
import { hasName, ignore } from "./errors.ts";
import type { Kind, Leftover } from "./kind.ts";
import type { Owner } from "./owner.ts";
import { waitUntil } from "./wait.ts";

const PAGE = 100;
const ACTIVE = ["InProgress", "Stopping"];

interface JobState {
  status: string;
  instance?: string;
  instances?: number;
}

interface JobType {
  title: string;
  logGroup: string;
  list(): AsyncIterable<{ name: string; arn: string; status: string }>;
  describe(name: string): Promise<JobState>;
  stop(name: string): Promise<unknown>;
  delete(name: string): Promise<unknown>;
}

export function jobKinds(
  sagemaker: SageMakerClient,
  logs: CloudWatchLogsClient,
  owner: Owner,
  pollMs: number,
): Kind[] {
  return [trainingJobs(sagemaker, owner), processingJobs(sagemaker, owner)].map((type) =>
    jobKind(type, logs, owner, pollMs),
  );
}

function jobKind(type: JobType, logs: CloudWatchLogsClient, owner: Owner, pollMs: number): Kind {
  /** Undefined when it no longer exists. */
  const describe = (name: string) => type.describe(name).catch(ignore(isMissing));

  async function costOf({ name, status }: Leftover): Promise<Leftover["cost"]> {
    if (!ACTIVE.includes(status!)) return undefined;
    const { instance = "", instances = 1 } = (await describe(name)) ?? {};
    const price = readPrices().training[instance];
    if (price === undefined) return undefined;
    return { dollars: instances * price, per: "hour", formula: `${instances} x ${instance}` };
  }

  async function deleteStreams(name: string) {
    const query = { logGroupName: type.logGroup, logStreamNamePrefix: `${name}/` };
    try {
      for await (const { logStreams = [] } of paginateDescribeLogStreams({ client: logs }, query))
        for (const { logStreamName } of logStreams)
          await logs.send(new DeleteLogStreamCommand({ logGroupName: type.logGroup, logStreamName }));
    } catch (error) {
      // No job has written a log yet.
      if (!hasName("ResourceNotFoundException")(error)) throw error;
    }
  }

  return {
    service: "SageMaker",
    title: type.title,
    async list() {
      const found = await owner.ofThisStage(await Array.fromAsync(type.list()));
      return Promise.all(found.map(async (item) => ({ ...item, cost: await costOf(item) })));
    },
    async stop({ name, status }) {
      // SageMaker rejects it when the job has ended meanwhile.
      if (status === "InProgress") await type.stop(name).catch(ignore(hasName("ValidationException")));
    },
    async remove({ name }) {
      await waitUntil(`${name} has stopped`, pollMs, async () => {
        const found = await describe(name);
        return found === undefined || !ACTIVE.includes(found.status);
      });
      // Before the job: without its name, nobody could tell whose streams they are.
      await deleteStreams(name);
      await type.delete(name).catch(ignore((error) => isMissing(error)));
      await waitUntil(`${name} is deleted`, pollMs, async () => (await describe(name)) === undefined);
    },
  };
}

const trainingJobs = (client: SageMakerClient, { prefix }: Owner): JobType => ({
  title: "training jobs",
  logGroup: "/aws/sagemaker/TrainingJobs",
  async *list() {
    const pages = paginateListTrainingJobs({ client, pageSize: PAGE }, { NameContains: prefix });
    for await (const { TrainingJobSummaries = [] } of pages)
      for (const { TrainingJobName, TrainingJobArn, TrainingJobStatus } of TrainingJobSummaries)
        yield { name: TrainingJobName!, arn: TrainingJobArn!, status: TrainingJobStatus! };
  },
  async describe(TrainingJobName) {
    const found = await client.send(new DescribeTrainingJobCommand({ TrainingJobName }));
    const { InstanceType: instance, InstanceCount: instances } = found.ResourceConfig ?? {};
    return { status: found.TrainingJobStatus!, instance, instances };
  },
  stop: (TrainingJobName) => client.send(new StopTrainingJobCommand({ TrainingJobName })),
  delete: (TrainingJobName) => client.send(new DeleteTrainingJobCommand({ TrainingJobName })),
});

const processingJobs = (client: SageMakerClient, { prefix }: Owner): JobType => ({
  title: "processing jobs",
  logGroup: "/aws/sagemaker/ProcessingJobs",
  async *list() {
    const pages = paginateListProcessingJobs({ client, pageSize: PAGE }, { NameContains: prefix });
    for await (const { ProcessingJobSummaries = [] } of pages)
      for (const { ProcessingJobName, ProcessingJobArn, ProcessingJobStatus } of ProcessingJobSummaries)
        yield { name: ProcessingJobName!, arn: ProcessingJobArn!, status: ProcessingJobStatus! };
  },
  async describe(ProcessingJobName) {
    const found = await client.send(new DescribeProcessingJobCommand({ ProcessingJobName }));
    const { InstanceType: instance, InstanceCount: instances } =
      found.ProcessingResources?.ClusterConfig ?? {};
    return { status: found.ProcessingJobStatus!, instance, instances };
  },
  stop: (ProcessingJobName) => client.send(new StopProcessingJobCommand({ ProcessingJobName })),
  delete: (ProcessingJobName) => client.send(new DeleteProcessingJobCommand({ ProcessingJobName })),
});
