// Written by `npm run synth`: what `Resource` answers in a function that links it.
export {};

declare module "sst" {
  export interface Resource {
    Api: {
      type: "sst.sst.Linkable";
      url: string;
    };
    ArtifactsBucket: {
      name: string;
      type: "sst.sst.Linkable";
    };
    BlueprintsDeadLetters: {
      type: "sst.sst.Linkable";
      url: string;
    };
    BlueprintsQueue: {
      type: "sst.sst.Linkable";
      url: string;
    };
    Bus: {
      name: string;
      type: "sst.sst.Linkable";
    };
    CatsDeadLetters: {
      type: "sst.sst.Linkable";
      url: string;
    };
    CatsQueue: {
      type: "sst.sst.Linkable";
      url: string;
    };
    ComplianceDeadLetters: {
      type: "sst.sst.Linkable";
      url: string;
    };
    ComplianceQueue: {
      type: "sst.sst.Linkable";
      url: string;
    };
    DatasetInspectQueue: {
      type: "sst.sst.Linkable";
      url: string;
    };
    DatasetPrepareQueue: {
      type: "sst.sst.Linkable";
      url: string;
    };
    DronesDeadLetters: {
      type: "sst.sst.Linkable";
      url: string;
    };
    DronesQueue: {
      type: "sst.sst.Linkable";
      url: string;
    };
    Hosting: {
      evaluationRoleArn: string;
      roleArn: string;
      serveImage: string;
      type: "sst.sst.Linkable";
    };
    LabelFilesQueue: {
      type: "sst.sst.Linkable";
      url: string;
    };
    LiveUpdates: {
      type: "sst.sst.Linkable";
      url: string;
    };
    Page: {
      bucket: string;
      domain: string;
      type: "sst.sst.Linkable";
    };
    ResultsBucket: {
      name: string;
      type: "sst.sst.Linkable";
    };
    Table: {
      name: string;
      type: "sst.sst.Linkable";
    };
    Training: {
      probeImage: string;
      roleArn: string;
      torchImage: string;
      type: "sst.sst.Linkable";
    };
    UploadsBucket: {
      name: string;
      type: "sst.sst.Linkable";
    };
    VehiclesDeadLetters: {
      type: "sst.sst.Linkable";
      url: string;
    };
    VehiclesQueue: {
      type: "sst.sst.Linkable";
      url: string;
    };
  }
}
