import { Link } from 'react-router';
import { EmptyState } from '../components/empty-state.tsx';
import { PageHeading } from '../components/page-heading.tsx';

export function NotFoundPage() {
  return (
    <>
      <PageHeading title="Page not found" />
      <EmptyState title="This address leads nowhere.">
        <p>
          It may be mistyped, or of another version. <Link to="/payments">View payments</Link>.
        </p>
      </EmptyState>
    </>
  );
}
