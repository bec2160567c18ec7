/** Whether traffic of this address stays on the machine: a loopback address or the path of a Unix socket. */
export function isLoopback(address: string): boolean {
  return ['127.0.0.1', '::1', 'localhost'].includes(address) || address.startsWith('/');
}
