import { type AddressInfo, createServer } from 'node:net';

/** A port that stays bound until its server is ready to listen. */
export interface ReservedPort {
  readonly port: number;
  readonly release: () => Promise<void>;
}

/** Binds the port, or a free one for 0, so that no other program takes it during the start. @throws when it is in use */
export async function reservePort(port: number): Promise<ReservedPort> {
  const holder = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    holder.once('error', () => {
      reject(
        new Error(
          `Port ${port} is in use. Stop the program that uses it, or choose another port with 'npm start -- --port NUMBER'.`,
        ),
      );
    });
    holder.listen(port, '127.0.0.1', resolve);
  });
  const { port: found } = holder.address() as AddressInfo;
  const release = () =>
    new Promise<void>((resolve) => {
      holder.close(() => {
        resolve();
      });
    });
  return { port: found, release };
}
