/** What a job carries, so that it is known whose it is wherever it turns up. */
export const tags = { app: "sluice:app", stage: "sluice:stage", model: "sluice:model", run: "sluice:run" };
