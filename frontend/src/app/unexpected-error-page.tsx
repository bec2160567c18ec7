import { PageHeading } from '../components/page-heading.tsx';

/** A page that failed to load or to draw, mostly because a new version of the console was published meanwhile. */
export function UnexpectedErrorPage() {
  return (
    <main id="content">
      <PageHeading title="Something went wrong" />
      <p>Your requests are safe. Reload the page.</p>
      <button
        type="button"
        onClick={() => {
          window.location.reload();
        }}
      >
        Load again
      </button>
    </main>
  );
}
