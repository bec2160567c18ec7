import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request of the AWS SDK. */
export interface AwsCall {
  /** Such as `secretsmanager.GetSecretValue`. */
  readonly target: string;
  readonly input: Record<string, unknown>;
}

/** A fake AWS endpoint, which also works for other processes. */
export interface AwsEndpoint {
  readonly calls: readonly AwsCall[];
  /** The variables that make a process use this endpoint, with fake credentials. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Thrown by `answer` to fail a request with this code. */
export class AwsError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Starts the endpoint. It responds to each request of the JSON protocol with the result of `answer`. */
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
