import { lazy, Suspense } from 'react';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { formatMoney } from '../../lib/money.ts';
import type { CurrencySummary } from './figures.ts';

// The figures appear without waiting for the library of the chart.
const VolumeChart = lazy(async () => ({ default: (await import('./volume-chart.tsx')).VolumeChart }));

/** The volume of each day of a period, as a chart with its table. */
export function Volume({ summary }: { readonly summary: CurrencySummary }) {
  const { currency, volumes } = summary;
  const columns: readonly Column<CurrencySummary['volumes'][number]>[] = [
    { title: 'Day (UTC)', cell: ({ day }) => day },
    { title: 'Volume', isNumber: true, cell: ({ volumeMinor }) => formatMoney(volumeMinor, currency) },
  ];
  return (
    <section>
      <h2>Volume in {currency}</h2>
      <div className="panel">
        <Suspense fallback={<div className="chart" />}>
          <VolumeChart summary={summary} />
        </Suspense>
        <details className="chart-table">
          <summary>Show as a table</summary>
          <DataTable label="Volume of each day" columns={columns} rows={volumes} keyOf={({ day }) => day} />
        </details>
      </div>
    </section>
  );
}
