import { Link, useSearchParams } from 'react-router';
import { lastDays } from '../lib/periods.ts';

const choices = [
  ['Today', 1],
  ['7 days', 7],
  ['30 days', 30],
  ['90 days', 90],
] as const;

/** Links that set the days `from` and `to` in the URL and keep its other filters. */
export function PeriodLinks({ withAll = false }: { readonly withAll?: boolean }) {
  const [search] = useSearchParams();
  const linkTo = (text: string, period: readonly (readonly [name: string, value: string])[]) => {
    const target = new URLSearchParams(search);
    for (const name of ['from', 'to', 'cursor']) target.delete(name);
    for (const [name, value] of period) target.set(name, value);
    const isChosen = ['from', 'to'].every((name) => search.get(name) === target.get(name));
    return (
      <Link key={text} to={`?${target}`} aria-current={isChosen || undefined}>
        {text}
      </Link>
    );
  };
  return (
    <nav aria-label="Period" className="segments">
      {withAll && linkTo('All time', [])}
      {choices.map(([text, days]) => linkTo(text, Object.entries(lastDays(days))))}
    </nav>
  );
}
