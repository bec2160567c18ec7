import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A call that the AWS SDK made, as it came over the wire. */
export interface AwsCall {
  /** Such as `secretsmanager.GetSecretValue`. */
  readonly target: string;
  readonly input: Record<string, unknown>;
}

/** Stands in for AWS at the SDK's own seam, the endpoint, so that processes of their own can be tested with it. */
export interface AwsEndpoint {
  readonly calls: readonly AwsCall[];
  /** Makes a process, or this one, call here. The credentials open nothing. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** What `answer` throws to let a call fail with this code. */
export class AwsError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Listens, and answers each call of the JSON protocol with what `answer` makes of it. */
export async function startAwsEndpoint(answer: (call: AwsCall) => unknown): Promise<AwsEndpoint> {
  const calls: AwsCall[] = [];
  const answerOrError = (call: AwsCall, response: ServerResponse): unknown => {
    try {
      return answer(call);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      response.statusCode = 400;
      return { __type: error.code, message: error.message };
    }
  };
  const server = createServer((request: IncomingMessage, response) => {
    void (async () => {
      const input = JSON.parse(await text(request)) as Record<string, unknown>;
      const call = { target: String(request.headers['x-amz-target']), input };
      calls.push(call);
      response
        .setHeader('content-type', 'application/x-amz-json-1.1')
        .end(JSON.stringify(answerOrError(call, response)));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    calls,
    environment: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: 'eu-south-2',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
