// Functions that create resources must not run during a teardown: a deployment in progress, a retrain schedule or a
// request would create again what was just removed. Lambda throttles a function whose reserved concurrency is 0.
import {
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { mapConcurrently } from "@sluice/core/util/map-concurrently.ts";
import { creatingFunctions } from "../doctor/graph.ts";
import { listFunctions } from "../doctor/functions.ts";
import { hasName, ignore } from "./errors.ts";
import type { Account } from "./kind.ts";

const CONCURRENCY = 4;

/** Adds the names of the functions to `paused`. None exists after `sst remove`. */
export const pauseFunctions = (account: Account, paused: string[]) =>
  eachFunction(
    account,
    (FunctionName) => new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }),
    paused,
  );

export const resumeFunctions = (account: Account) =>
  eachFunction(account, (FunctionName) => new DeleteFunctionConcurrencyCommand({ FunctionName }));

type ConcurrencyCommand = PutFunctionConcurrencyCommand | DeleteFunctionConcurrencyCommand;

async function eachFunction(
  { target, sdk }: Account,
  command: (name: string) => ConcurrencyCommand,
  done: string[] = [],
) {
  const client = new LambdaClient(sdk);
  const creating = creatingFunctions();
  const found = (await listFunctions(client, target)).filter(({ logical }) => creating.includes(logical));
  const names = found.map(({ FunctionName }) => FunctionName!);
  await mapConcurrently(CONCURRENCY, names, (name) =>
    // `sst remove` may delete it meanwhile.
    client
      .send(command(name) as PutFunctionConcurrencyCommand)
      .then(() => void done.push(name), ignore(hasName("ResourceNotFoundException"))),
  );
  return done;
}
