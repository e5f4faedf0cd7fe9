// What SageMaker's refusals mean: a missing thing and an existing one are both "ValidationException".
const validation = (error: unknown, says: RegExp) =>
  error instanceof Error &&
  /^(ValidationException|ValidationError|ResourceNotFound)$/.test(error.name) &&
  says.test(error.message);

export const isMissing = (error: unknown) => validation(error, /could not find|not found|does not exist/i);
export const isExisting = (error: unknown) => validation(error, /already exist/i);
/** It is being created, updated or deleted: to be tried again at its next event. */
export const isBusy = (error: unknown) =>
  validation(error, /in-progress|while status is|cannot (update|delete)/i);
