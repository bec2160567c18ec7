import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Time } from './time.tsx';

test('a time is shown in the time zone of the user, and in UTC on hover', () => {
  render(<Time at="2026-03-01T10:00:00.123456Z" />);
  const time = screen.getByRole('time');
  expect(time).toHaveAttribute('datetime', '2026-03-01T10:00:00.123456Z');
  expect(time.title).toMatch(/10:00:00.*UTC$/);
  expect(time).toHaveTextContent(
    new Intl.DateTimeFormat(navigator.language, { dateStyle: 'medium', timeStyle: 'medium' }).format(
      new Date('2026-03-01T10:00:00.123Z'),
    ),
  );
});
