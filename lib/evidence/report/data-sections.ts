import type { Evidence } from '../evidence';
import { html, type Html, mark, table } from './html';

const protections = { own: mark('good', 'own key'), aws: mark('part', 'key of AWS'), gap: mark('bad', 'gap') };

/** Data at rest and in transit. Gaps come first. */
export function protectionSection({ stores, connections }: Evidence): Html {
  const openHops = connections.filter(({ isProtected }) => !isProtected).length;
  const openStores = stores.filter(({ protection }) => protection === 'gap').length;
  const storeRows = [...stores]
    .sort((left, right) => Number(right.protection === 'gap') - Number(left.protection === 'gap'))
    .map(({ resource, type, key, isKeyRotated, protection, note }) => [
      resource,
      type,
      protections[protection],
      key,
      isKeyRotated === null ? '' : isKeyRotated ? 'every year' : mark('bad', 'never'),
      note,
    ]);
  const hopRows = [...connections]
    .sort((left, right) => Number(left.isProtected) - Number(right.isProtected))
    .map(({ from, to, protocol, isProtected, note }) => [
      from,
      to,
      isProtected ? mark('good', 'protected') : mark('bad', 'gap'),
      protocol,
      note,
    ]);
  return html`<p>
      ${stores.length} stores, ${openStores} with a gap. ${connections.length} connections, ${openHops} with a gap.
    </p>
    ${table('Data at rest', ['Store', 'Type', 'Protection', 'Key', 'Rotation', 'Note'], storeRows)}
    ${table('Data in transit', ['From', 'To', 'Protection', 'Protocol', 'Note'], hopRows)}`;
}

const fates = {
  blocked: mark('bad', 'blocks deletion'),
  kept: mark('bad', 'kept'),
  outside: mark('open', 'outside'),
  delayed: mark('part', 'delayed'),
};

/** What remains after deletion. */
export function removalSection({ remainders }: Evidence): Html {
  if (remainders.length === 0) return html`<p>The deletion of the stacks leaves nothing.</p>`;
  const rows = remainders.map(({ resource, type, fate, explanation }) => [resource, type, fates[fate], explanation]);
  return html`<p>Everything else is deleted with its stack.</p>
    ${table('After cdk destroy', ['Resource', 'Type', 'Fate', 'Explanation'], rows)}`;
}
