import { Link, useSearchParams } from 'react-router';

/** A link to the next page of a list with the same filters. The browser's back button returns to the previous page. */
export function NextPageLink({ cursor }: { readonly cursor: string | null }) {
  const [search] = useSearchParams();
  const first = new URLSearchParams(search);
  first.delete('cursor');
  const next = new URLSearchParams(search);
  if (cursor !== null) next.set('cursor', cursor);
  return (
    <nav aria-label="Pages" className="pages">
      {search.has('cursor') && <Link to={`?${first}`}>First page</Link>}
      {cursor !== null && <Link to={`?${next}`}>Next page</Link>}
    </nav>
  );
}
