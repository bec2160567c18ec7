import type { CostLine } from '../cost/cost';
import type { Evidence } from '../evidence';
import { html, type Html, mark, table } from './html';

const dollars = (amount: number): string => amount.toFixed(2);

/** The estimate with a chart of its biggest items. */
export function costSection({ cost }: Evidence): Html {
  const { lines, unpriced, advice, rate } = cost;
  const rows = lines.map((line) => [
    line.item,
    line.unit,
    String(line.unitPrice),
    `${line.idleQuantity} / ${line.loadedQuantity}`,
    dollars(line.idle),
    dollars(line.loaded),
    line.assumption,
  ]);
  const totals = [
    ['Without payments', dollars(cost.idle)],
    [`At ${rate} payments a second`, dollars(cost.loaded)],
  ];
  return html`<p>
      US dollars a month at prices of ${cost.region}, as of ${cost.date}. ${cost.source}. Other regions cost up to a
      third more.
    </p>
    ${table('Totals', ['Load', 'US dollars a month'], totals)} ${chart(lines, rate)}
    ${
      unpriced.length === 0
        ? html`<p>${mark('good', 'complete')} Each type has a price or none of its own.</p>`
        : html`<p>${mark('bad', 'incomplete')} No price is known for ${unpriced.join(', ')}.</p>`
    }
    ${table('Lines', ['Item', 'Unit', 'Unit price', 'Quantity: idle / loaded', 'Idle', 'Loaded', 'Assumption'], rows)}
    ${
      advice.length === 0
        ? ''
        : table(
            'Settings that at least halve a line',
            ['Setting', 'Line', 'Saves a month', 'Price'],
            advice.map((each) => [each.setting, each.item, dollars(each.saving), each.price]),
          )
    }`;
}

/** Horizontal bars of the biggest items, idle. */
function chart(lines: readonly CostLine[], rate: number): Html {
  const sums = new Map<string, { idle: number; loaded: number }>();
  for (const { item, idle, loaded } of lines) {
    const sum = sums.get(item) ?? { idle: 0, loaded: 0 };
    sums.set(item, { idle: sum.idle + idle, loaded: sum.loaded + loaded });
  }
  const biggest = [...sums].sort(([, left], [, right]) => right.loaded - left.loaded).slice(0, 10);
  const most = Math.max(1, ...biggest.map(([, { loaded }]) => loaded));
  const height = 26;
  const bars = biggest.map(([item, { idle, loaded }], index) => {
    const y = index * height;
    const width = (amount: number) => Math.round((amount / most) * 420);
    return html`<g transform="translate(0 ${y})">
      <text x="195" y="17" text-anchor="end" font-size="13">${item}</text>
      <rect class="bar" opacity="0.35" x="205" y="4" width="${width(loaded)}" height="18"></rect>
      <rect class="bar" x="205" y="4" width="${width(idle)}" height="18"></rect>
      <text x="${211 + width(loaded)}" y="17" font-size="12">${dollars(idle)} / ${dollars(loaded)}</text>
    </g>`;
  });
  const label = 'The ten biggest items of the monthly cost';
  return html`<figure>
    <svg viewBox="0 0 760 ${biggest.length * height}" width="760" role="img" aria-label="${label}">${bars}</svg>
    <figcaption>${label}: without payments (dark) and at ${rate} payments a second.</figcaption>
  </figure>`;
}
