import type { ReactNode } from 'react';

/** What a list without items shows: why it is empty, and what to do next. */
export function EmptyState({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div role="status" className="empty">
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}
