/** Whether nothing that is sent to this address, or accepted at it, leaves the machine. */
export function isLoopback(address: string): boolean {
  return ['127.0.0.1', '::1', 'localhost'].includes(address) || address.startsWith('/');
}
