import { formatMoney } from '../../lib/money.ts';
import { approvalRate, type CurrencySummary, type Figures } from './figures.ts';
import { userLocale } from '../../lib/locale.ts';

const percent = new Intl.NumberFormat(userLocale(), { style: 'percent', maximumFractionDigits: 1 });
const change = new Intl.NumberFormat(userLocale(), {
  style: 'percent',
  maximumFractionDigits: 0,
  signDisplay: 'exceptZero',
});

interface Figure {
  readonly term: string;
  /** The value in minor units, a number or a share; `undefined` where there is none. */
  readonly of: (figures: Figures) => number | undefined;
  readonly format: (value: number, currency: string) => string;
}

const count = (value: number) => value.toLocaleString(userLocale());

const list: readonly Figure[] = [
  { term: 'Volume', of: ({ volumeMinor }) => volumeMinor, format: formatMoney },
  { term: 'Successful payments', of: ({ approvedCount }) => approvedCount, format: count },
  { term: 'Approval rate', of: approvalRate, format: (value) => percent.format(value) },
  { term: 'Refunds', of: ({ refundedMinor }) => refundedMinor, format: formatMoney },
  { term: 'Declines', of: ({ declinedCount }) => declinedCount, format: count },
];

export interface FigureListProps {
  readonly summary: CurrencySummary;
  /** Names the period before, such as `yesterday`. */
  readonly before: string;
}

/** The figures of a period, each with that of the period before. */
export function FigureList({ summary: { currency, current, previous }, before }: FigureListProps) {
  return (
    <dl className="figures">
      {list.map(({ term, of, format }) => {
        const [now, then] = [of(current), of(previous)];
        const text = (value: number | undefined) => (value === undefined ? '–' : format(value, currency));
        return (
          <div key={term} className="panel">
            <dt>{term}</dt>
            <dd className="figure">{text(now)}</dd>
            <dd className="hint">
              {changeText(term, now, then)} {text(then)} {before}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** The change in percent; of a rate, in percentage points. */
function changeText(term: string, now: number | undefined, then: number | undefined): string {
  if (now === undefined || then === undefined || (then === 0 && term !== 'Approval rate')) return '';
  if (term !== 'Approval rate') return `${change.format(now / then - 1)}, from`;
  const points = Math.round((now - then) * 1000) / 10;
  return `${points > 0 ? '+' : ''}${points} points, from`;
}
