import type { Evidence } from '../evidence';
import type { Connection, Node } from '../reachability/reachability';
import { html, type Html, mark, table } from './html';

/** Connections as one table for each kind of receiver. Those to endpoints of AWS are many and alike; `evidence.json` has them. */
export function networkSection({ network: { nodes, connections, problems }, serviceAccess }: Evidence): Html {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const nameOf = (id: string) => byId.get(id)?.name ?? id;
  const typeOf = (id: string): Node['type'] => byId.get(id)?.type ?? 'host name';
  const isOutside = (id: string) => ['internet', 'prefix list'].includes(typeOf(id));
  const groups: readonly (readonly [caption: string, isIn: (connection: Connection) => boolean])[] = [
    ['Connections from the internet', ({ from }) => isOutside(from)],
    ['Connections to the internet', ({ to }) => isOutside(to)],
    ['Connections to the database', ({ from, to }) => !isOutside(from) && isDatabase(typeOf(to))],
    [
      'Connections between others',
      ({ from, to }) => ![from, to].some(isOutside) && !isDatabase(typeOf(to)) && !isEndpoint(typeOf(to)),
    ],
  ];
  const named = (id: string) => html`${nameOf(id)} <small>${typeOf(id)}</small>`;
  const row = ({ from, to, ports, addresses, via, rules }: Connection) => [
    named(from),
    named(to),
    html`<span class="number">${ports}</span>`,
    addresses ?? '',
    html`<small>${[...via.map(nameOf), ...rules].join(', ')}</small>`,
  ];
  return html`<p>
      Whoever is not in a table cannot open the connection. Computed from routes, network ACLs, security groups,
      endpoints and origins; what a template leaves open counts as open. <code>evidence.json</code> also has the
      connections to endpoints of AWS.
    </p>
    ${problemsOf(problems)}
    ${groups.map(([caption, isIn]) => {
      const rows = connections.filter(isIn).map(row);
      const headings = ['From', 'To', 'Ports', 'Addresses', 'Gateways and rules'];
      return rows.length === 0 ? html`<p>${caption}: none.</p>` : table(caption, headings, rows);
    })}
    ${services(serviceAccess, nameOf)}`;
}

const isDatabase = (type: Node['type']) => type === 'database' || type === 'database proxy';

/** How hosts reach AWS services that their roles may call. */
function services(serviceAccess: Evidence['serviceAccess'], nameOf: (id: string) => string): Html {
  if (serviceAccess.length === 0) return html``;
  const rows = serviceAccess.map(({ host, service, path }) => [
    nameOf(host),
    service,
    path === 'internet' ? mark('bad', path) : path,
  ]);
  const outwards = serviceAccess.filter(({ path }) => path === 'internet').length;
  return html`<p>${outwards} of ${rows.length} ways to a service of AWS lead through the internet.</p>
    ${table('Ways to the AWS services that roles may call', ['Host', 'Service', 'Way'], rows)}`;
}

const isEndpoint = (type: Node['type']) => type === 'interface endpoint' || type === 'gateway endpoint';

/** What keeps a section from being complete. */
export function problemsOf(problems: readonly string[]): Html {
  if (problems.length === 0) return html`<p>${mark('good', 'complete')}</p>`;
  return html`<p>${mark('bad', 'incomplete')} ${problems.join(' ')}</p>`;
}
