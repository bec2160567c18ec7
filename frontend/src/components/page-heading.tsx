import { type ReactNode, useEffect, useRef } from 'react';

/** The heading of a page. It sets the document title and receives the focus, so that a screen reader announces the page. */
export function PageHeading({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – Merchant console`;
    heading.current?.focus();
  }, [title]);
  return (
    <div className="page-heading">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </div>
  );
}
