// The operations that training and processing jobs share: they validate and store the request. The runner executes it.
import type { Tag } from "@aws-sdk/client-sagemaker";
import { AwsError } from "../../../kernel/error.ts";
import type { Kernel, Operation } from "../../../kernel/service.ts";
import { type ListInput, listPage } from "../list.ts";
import type { JobRequest, QuotaGuard } from "../quota.ts";
import type { Documents } from "../records.ts";
import { arnOf, checkName, invalid } from "../shape.ts";
import { isFinished, type Job, type JobKind } from "./job.ts";
import type { JobStore } from "./job-store.ts";
import type { Runner } from "./runner.ts";

export interface JobServices {
  kernel: Kernel;
  documents: Documents;
  jobs: JobStore;
  runner: Runner;
  quotaGuard: QuotaGuard;
}

interface JobType<Request> {
  kind: JobKind;
  /** As in the names of operations and members. */
  word: "Training" | "Processing";
  check(input: Request): void;
  notFound(name: string): string;
  nameTaken(arn: string): string;
  /** DescribeXJob. */
  describe(job: Job<Request>): object;
  /** An entry of ListXJobs. */
  summary(job: Job): object;
}

type NameInput = Record<string, string | undefined>;

export function jobOperations<Request extends { RoleArn?: string; Tags?: Tag[] }>(
  { kernel, documents, jobs, runner, quotaGuard }: JobServices,
  { kind, word, check, notFound, nameTaken, describe, summary }: JobType<Request>,
): Record<string, Operation> {
  const member = `${word}JobName`;
  const title = `${word.toLowerCase()} job`;
  const find = (input: NameInput) => {
    const name = input[member] ?? "";
    const job = jobs.find(kind, name);
    if (!job) throw invalid(notFound(name));
    return job as Job<Request>;
  };

  return {
    [`Create${word}Job`](input: Request) {
      const name = checkName(`${word.toLowerCase()}JobName`, (input as Record<string, any>)[member]);
      check(input);
      const arn = arnOf(kernel.cloud, kind, name);
      if (jobs.find(kind, name)) throw new AwsError("ResourceInUse", nameTaken(arn));
      quotaGuard.checkJob(kind, input as JobRequest);
      const { Tags = [], ...request } = input;
      const job = kernel.store.tx(() => {
        documents.tag(arn, Tags);
        return jobs.create({ kind, name, arn, roleArn: input.RoleArn!, request });
      });
      runner.start(job);
      return { [`${word}JobArn`]: arn };
    },

    [`Describe${word}Job`]: (input: NameInput) => describe(find(input)),

    [`List${word}Jobs`]: (input: ListInput) =>
      listPage(input, jobs.list(kind), `${word}JobSummaries`, summary),

    [`Stop${word}Job`](input: NameInput) {
      const job = find(input);
      if (isFinished(job))
        throw invalid(`The request was rejected because the ${title} is in status ${job.status}.`);
      runner.stop(job, "Stopped");
      return {};
    },

    [`Delete${word}Job`](input: NameInput) {
      const job = find(input);
      if (!isFinished(job))
        throw new AwsError(
          "ResourceInUse",
          `The ${title} ${job.name} is in status ${job.status}; stop it first.`,
        );
      documents.forget(job.kind, job.name, job.arn);
      return {};
    },
  };
}

export const dateOf = (time: number | undefined) => (time === undefined ? undefined : new Date(time));
