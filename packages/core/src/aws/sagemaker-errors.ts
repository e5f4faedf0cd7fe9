// SageMaker reports missing and existing resources both as ValidationException. Only the messages differ.
const isValidation = (error: unknown, message: RegExp) =>
  error instanceof Error &&
  /^(ValidationException|ValidationError|ResourceNotFound)/.test(error.name) &&
  message.test(error.message);

/** The API's model documents ResourceNotFound; the service returns ValidationException. */
export const isMissing = (error: unknown) =>
  (error instanceof Error && error.name.startsWith("ResourceNotFound")) ||
  isValidation(error, /not found|could not find|does not exist/i);
export const isExisting = (error: unknown) => isValidation(error, /already exist/i);
/** It is being created, updated or deleted: retry at its next event. */
export const isBusy = (error: unknown) =>
  isValidation(error, /in-progress|while status is|cannot (update|delete)/i);
