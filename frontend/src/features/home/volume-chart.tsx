import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { decimalsOf } from '../../lib/money.ts';
import type { CurrencySummary } from './figures.ts';
import { userLocale } from '../../lib/locale.ts';

const heightPixels = 220;
const compact = new Intl.NumberFormat(userLocale(), { notation: 'compact' });
const dayOfMonth = new Intl.DateTimeFormat(userLocale(), { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** Bars of the volume of each day. It is a picture: the table beside it has the same figures for everyone. */
export function VolumeChart({ summary: { currency, volumes } }: { readonly summary: CurrencySummary }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const unit = 10 ** decimalsOf(currency);
    const data: UPlot.AlignedData = [
      volumes.map(({ day }) => Date.parse(day) / 1000),
      volumes.map(({ volumeMinor }) => volumeMinor / unit),
    ];
    let chart = draw(element, data);
    const redraw = () => {
      chart.destroy();
      chart = draw(element, data);
    };
    // A canvas has the colours that were valid when it was drawn.
    const scheme = window.matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', redraw);
    const resized = new ResizeObserver(() => {
      if (element.clientWidth !== chart.width) chart.setSize({ width: element.clientWidth, height: heightPixels });
    });
    resized.observe(element);
    return () => {
      resized.disconnect();
      scheme.removeEventListener('change', redraw);
      chart.destroy();
    };
  }, [currency, volumes]);
  return <div ref={frame} className="chart" aria-hidden="true" />;
}

function draw(element: HTMLElement, data: UPlot.AlignedData): UPlot {
  const style = getComputedStyle(element);
  const axis: UPlot.Axis = {
    stroke: style.color,
    font: `13px ${style.fontFamily}`,
    grid: { show: false },
    ticks: { show: false },
  };
  const gridColor = style.borderTopColor;
  const barColor = style.outlineColor;
  return new UPlot(
    {
      width: element.clientWidth,
      height: heightPixels,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 8, 0, 0],
      tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      scales: { x: { range: (_chart, from, to) => [from - 43_200, to + 43_200] }, y: { range: rangeFromZero } },
      axes: [
        { ...axis, size: 30, space: 70, incrs: [1, 2, 3, 5, 7, 10].map((days) => days * 86_400), values: dayLabels },
        { ...axis, size: 60, grid: { stroke: gridColor, width: 1 }, values: (_chart, ticks) => ticks.map(amountLabel) },
      ],
      series: [{}, { fill: barColor, width: 0, points: { show: false }, paths: bars() }],
    },
    data,
    element,
  );
}

const bars = () => UPlot.paths.bars?.({ size: [0.7, 40], radius: 0.15 }) ?? (() => null);
const rangeFromZero = (_chart: UPlot, _from: number, to: number): [number, number] => [0, to > 0 ? to * 1.1 : 1];
const dayLabels = (_chart: UPlot, ticks: readonly number[]) => ticks.map((tick) => dayOfMonth.format(tick * 1000));
const amountLabel = (amount: number) => compact.format(amount);
