import { Link } from 'react-router';
import { PageHeading } from '../components/page-heading.tsx';

export function NotFoundPage() {
  return (
    <>
      <PageHeading title="Page not found" />
      <p>
        Page not found. <Link to="/payments">View payments</Link>.
      </p>
    </>
  );
}
