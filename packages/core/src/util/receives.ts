/** What the queues' redrive policies say in infra: after it, a message goes to the dead letters. */
export const maxReceives = 5;
