// The management API: a backend sends to connections, reads their state and ends them.
import { AwsError } from "../../../kernel/error.ts";
import { arnOf } from "../../../kernel/names.ts";
import type { Kernel, Service } from "../../../kernel/service.ts";
import type { Connections } from "./connections.ts";
import type { WebSocketApi } from "./declared.ts";
import { MESSAGE_BYTES } from "./limits.ts";

interface Input {
  /** From the path before `/@connections`. */
  ApiId: string;
  Stage: string;
  ConnectionId: string;
  Data?: Uint8Array;
}

const METHODS: Record<string, string> = {
  PostToConnection: "POST",
  GetConnection: "GET",
  DeleteConnection: "DELETE",
};

export function manageConnections(
  kernel: Kernel,
  apis: Map<string, WebSocketApi>,
  connections: Connections,
): Pick<Service, "operations" | "access"> {
  const { clock, cloud } = kernel;

  function find({ ApiId, Stage, ConnectionId }: Input) {
    const [api, stage] = [decodeURIComponent(ApiId), decodeURIComponent(Stage)];
    if (!apis.get(api)?.stages.has(stage))
      throw new AwsError("ForbiddenException", "Forbidden", { status: 403 });
    const connection = connections.find(ConnectionId);
    if (connection?.isOpen && connection.peer.apiId === api && connection.peer.stage === stage)
      return connection;
    throw new AwsError("GoneException", "The connection is gone.", { status: 410 });
  }

  return {
    operations: {
      PostToConnection(input: Input) {
        const { Data = Buffer.alloc(0) } = input;
        if (Data.length > MESSAGE_BYTES)
          throw new AwsError(
            "PayloadTooLargeException",
            `Message too long: ${Data.length} of ${MESSAGE_BYTES} bytes`,
            {
              status: 413,
            },
          );
        find(input).send(Data, clock.now());
      },
      GetConnection(input: Input) {
        const { peer, lastActiveAt } = find(input);
        return {
          ConnectedAt: new Date(peer.connectedAt),
          Identity: { SourceIp: peer.sourceIp, UserAgent: peer.userAgent ?? "" },
          LastActiveAt: new Date(lastActiveAt),
        };
      },
      DeleteConnection(input: Input) {
        find(input).close({ code: 1000, reason: "Connection Closed Normally" });
      },
    },
    access: (operation, { ApiId, Stage, ConnectionId }: Input) => [
      {
        action: "execute-api:ManageConnections",
        resource: arnOf(
          cloud,
          "execute-api",
          `${decodeURIComponent(ApiId)}/${decodeURIComponent(Stage)}/${METHODS[operation]}/@connections/${ConnectionId}`,
        ),
      },
    ],
  };
}
