import { type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'react-router';

export interface PageHeadingProps {
  readonly title: string;
  /** The list that the page belongs to. */
  readonly back?: { readonly to: string; readonly text: string };
  /** Actions of the page. */
  readonly children?: ReactNode;
}

/** The heading of a page. It sets the document title and receives the focus, so that a screen reader announces the page. */
export function PageHeading({ title, back, children }: PageHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – Merchant console`;
    heading.current?.focus();
  }, [title]);
  return (
    <div className="page-heading">
      <div>
        {back && (
          <Link className="back" to={back.to}>
            ← {back.text}
          </Link>
        )}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
      </div>
      {children && <div className="actions">{children}</div>}
    </div>
  );
}
