import { Service } from "electrodb";
import { AccuracyWeekEntity, TruthEntity } from "./accuracy/accuracy.entity.ts";
import { dynamo } from "./aws/dynamo.ts";
import { lazy } from "./aws/lazy.ts";
import { tableName } from "./aws/link.ts";
import { AlertRuleEntity, AlertWindowEntity, HeldAlertEntity } from "./alert/alert.entity.ts";
import { DatasetChunkEntity, DatasetEntity } from "./dataset/dataset.entity.ts";
import { FileMetadataEntity } from "./dataset/file-metadata.entity.ts";
import { DeploymentEntity } from "./deployment/deployment.entity.ts";
import { TrafficEntity } from "./traffic/traffic.entity.ts";
import { ConfigChangeEntity } from "./endpoint/config-change.entity.ts";
import { EndpointEntity } from "./endpoint/endpoint.entity.ts";
import { EventRecordEntity } from "./event/event.entity.ts";
import { ImportEntity } from "./label/import.entity.ts";
import { ConnectionEntity } from "./live/connection.entity.ts";
import { LabelEntity, LabelShardEntity } from "./label/label.entity.ts";
import { DriftReportEntity } from "./monitor/report.entity.ts";
import { DayEntity } from "./prediction/day.entity.ts";
import { PredictionEntity } from "./prediction/prediction.entity.ts";
import { TokenEntity } from "./token/token.entity.ts";
import { TrainingRunEntity, TrainingSlotEntity } from "./training/training.entity.ts";
import { ModelVersionEntity } from "./version/version.entity.ts";

/** All entities of the table. */
export const db = lazy(
  () =>
    new Service(
      {
        prediction: PredictionEntity,
        day: DayEntity,
        endpoint: EndpointEntity,
        configChange: ConfigChangeEntity,
        deployment: DeploymentEntity,
        traffic: TrafficEntity,
        event: EventRecordEntity,
        label: LabelEntity,
        labelShard: LabelShardEntity,
        import: ImportEntity,
        dataset: DatasetEntity,
        datasetChunk: DatasetChunkEntity,
        fileMetadata: FileMetadataEntity,
        trainingRun: TrainingRunEntity,
        trainingSlot: TrainingSlotEntity,
        modelVersion: ModelVersionEntity,
        token: TokenEntity,
        connection: ConnectionEntity,
        alertRule: AlertRuleEntity,
        alertWindow: AlertWindowEntity,
        heldAlert: HeldAlertEntity,
        truth: TruthEntity,
        accuracyWeek: AccuracyWeekEntity,
        driftReport: DriftReportEntity,
      },
      { table: tableName(), client: dynamo() },
    ),
);

/** The entities in the builder of a write transaction. */
export type Writers = Parameters<Parameters<ReturnType<typeof db>["transaction"]["write"]>[0]>[0];
