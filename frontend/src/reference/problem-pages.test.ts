import { expect, test } from 'vitest';
import { problemPages } from './problem-pages.ts';

const pages = problemPages('/assets/problems.css');
const pageOf = (slug: string) => {
  const { html = '' } = pages.find((page) => page.slug === slug) ?? {};
  return new DOMParser().parseFromString(html, 'text/html');
};

test('each problem has one page with its title, its status and a remedy', () => {
  expect(pages.length).toBeGreaterThan(25);
  expect(new Set(pages.map(({ slug }) => slug)).size).toBe(pages.length);
  for (const { slug } of pages) {
    const page = pageOf(slug);
    expect(page.querySelector('h1')?.textContent, slug).not.toBe('');
    expect(page.body.textContent, slug).toMatch(/HTTP status [45]\d\d\s/);
    const [, , explanation] = [...page.querySelectorAll('p')].map(({ textContent }) => textContent);
    expect(explanation?.split('. ').length, slug).toBeGreaterThan(0);
    expect(explanation, slug).toMatch(/^[A-Z].{30,}\.$/);
  }
});

test('a page has no markup but its own, and nothing inline that the content security policy refuses', () => {
  const page = pageOf('validation-failed');
  expect(page.querySelector('p:nth-of-type(3) code')?.textContent).toBe('errors');
  expect(page.querySelectorAll('script, style, [style]')).toHaveLength(0);
  expect(page.querySelector('link[rel=stylesheet]')?.getAttribute('href')).toBe('/assets/problems.css');
});

test('a problem of the gateway has a page too', () => {
  expect(pageOf('rate-limited').querySelector('h1')?.textContent).toBe('Too many requests');
});
