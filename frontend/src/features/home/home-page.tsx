import type { Session } from '@payment-platform/app/api-types';
import { Link, Navigate, useOutletContext, useSearchParams } from 'react-router';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { Attention } from './attention.tsx';
import { Declines } from './declines.tsx';
import { FigureList } from './figure-list.tsx';
import { periodsOf, summarize } from './figures.ts';
import { useTotals } from './home-api.ts';
import { Volume } from './volume.tsx';

const periods = [
  { days: 1, text: 'Today', before: 'yesterday' },
  { days: 7, text: '7 days', before: 'in the 7 days before' },
  { days: 30, text: '30 days', before: 'in the 30 days before' },
] as const;
const week = periods[1];

/** The figures of a period beside the one before, and what needs attention. Without the right to read reports, the payments. */
export function HomePage() {
  const { scopes } = useOutletContext<Session>();
  const [search] = useSearchParams();
  if (!scopes.includes('reports:read')) return <Navigate to="/payments" replace />;
  const period = periods.find(({ days }) => String(days) === search.get('days')) ?? week;
  return (
    <>
      <PageHeading title="Home" />
      {scopes.includes('webhooks:write') && <Attention />}
      <nav aria-label="Period" className="segments">
        {periods.map(({ days, text }) => (
          <Segment key={days} name="days" value={String(days)} isChosen={days === period.days}>
            {text}
          </Segment>
        ))}
      </nav>
      <Report period={period} />
    </>
  );
}

function Report({ period: { days, before } }: { readonly period: (typeof periods)[number] }) {
  const [search] = useSearchParams();
  const { current, previous } = periodsOf(days);
  const { data, error } = useTotals({ from: previous.from, to: current.to });
  if (error) return <ProblemAlert error={error} />;
  if (!data) return <Loading what="the figures" />;
  const summaries = summarize(data.items, current);
  const summary = summaries.find(({ currency }) => currency === search.get('currency')) ?? summaries[0];
  if (!summary) return <NoPayments />;
  return (
    <>
      {summaries.length > 1 && (
        <nav aria-label="Currency" className="segments">
          {summaries.map(({ currency }) => (
            <Segment key={currency} name="currency" value={currency} isChosen={currency === summary.currency}>
              {currency}
            </Segment>
          ))}
        </nav>
      )}
      <FigureList summary={summary} before={before} />
      {days > 1 && <Volume summary={summary} />}
      <Declines days={current} currency={summary.currency} />
      <p className="hint">Days are in UTC. A payment is counted within seconds.</p>
    </>
  );
}

function NoPayments() {
  return (
    <EmptyState title="No payments in this period or the one before.">
      <p>
        <Link to="/payments/new">Take a payment</Link>, or send one to the API with{' '}
        <Link to="/developers">a key of yours</Link>. Its figures appear here.
      </p>
    </EmptyState>
  );
}

interface SegmentProps {
  readonly name: string;
  readonly value: string;
  readonly isChosen: boolean;
  readonly children: string;
}

/** A link that sets one parameter in the URL of the page and keeps the others. */
function Segment({ name, value, isChosen, children }: SegmentProps) {
  const [search] = useSearchParams();
  const target = new URLSearchParams(search);
  target.set(name, value);
  return (
    <Link to={`?${target}`} aria-current={isChosen || undefined}>
      {children}
    </Link>
  );
}
