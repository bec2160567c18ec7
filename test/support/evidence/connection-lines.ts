import type { Assembly } from '../../../lib/evidence/assembly';
import { reachabilityOf } from '../../../lib/evidence/reachability/reachability';

/** One line for each connection, with the names of resources: `Alb -> Tasks: tcp 3000`. */
export function connectionLines(assembly: Assembly): string[] {
  const { nodes, connections } = reachabilityOf(assembly);
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const nameOf = (id: string) => names.get(id) ?? id;
  return connections.map(({ from, to, ports, addresses }) => {
    const suffix = addresses === null || addresses === 'anywhere' ? '' : ` of ${addresses}`;
    return `${nameOf(from)} -> ${nameOf(to)}: ${ports}${suffix}`;
  });
}
