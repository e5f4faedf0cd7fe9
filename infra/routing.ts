// S3's event goes to the queue of every model that accepts the key: one upload may become several predictions.
import { onObjectCreated } from "./events.ts";
import { queues } from "./queues.ts";

for (const { model, ...to } of queues)
  onObjectCreated(`${to.name}Uploads`, {
    description: `Uploads for the model ${model.name}`,
    prefixes: model.accepts.prefixes,
    to,
  });
