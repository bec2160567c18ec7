import type { Assembly } from '../../../lib/evidence/assembly';
import { reachabilityOf } from '../../../lib/evidence/reachability/reachability';

/** One line for each connection, with the names of resources: `Alb -> Tasks: tcp 3000`. */
export function connectionLines(assembly: Assembly): string[] {
  const { nodes, connections } = reachabilityOf(assembly);
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  return connections.map(({ from, to, ports, addresses }) => {
    const suffix = addresses === undefined || addresses === 'anywhere' ? '' : ` of ${addresses}`;
    return `${names.get(from)} -> ${names.get(to)}: ${ports}${suffix}`;
  });
}
