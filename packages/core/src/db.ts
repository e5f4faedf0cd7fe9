import { Service } from "electrodb";
import { dynamo } from "./aws/dynamo.ts";
import { lazy } from "./aws/lazy.ts";
import { tableName } from "./aws/link.ts";
import { DeploymentEntity } from "./endpoint/deployment.entity.ts";
import { EndpointEntity } from "./endpoint/endpoint.entity.ts";
import { EventRecordEntity } from "./event/event.entity.ts";
import { DayEntity } from "./prediction/day.entity.ts";
import { PredictionEntity } from "./prediction/prediction.entity.ts";
import { TokenEntity } from "./token/token.entity.ts";
import { TrainingRunEntity } from "./training/training.entity.ts";

/** Every entity on the one table. */
export const db = lazy(
  () =>
    new Service(
      {
        prediction: PredictionEntity,
        day: DayEntity,
        endpoint: EndpointEntity,
        deployment: DeploymentEntity,
        event: EventRecordEntity,
        trainingRun: TrainingRunEntity,
        token: TokenEntity,
      },
      { table: tableName(), client: dynamo() },
    ),
);

/** The entities as a write transaction hands them to its builder. */
export type Writers = Parameters<Parameters<ReturnType<typeof db>["transaction"]["write"]>[0]>[0];
