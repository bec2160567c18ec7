import { PageHeading } from '../components/page-heading.tsx';

/** Shown when a page fails to load or render, usually because a new version of the console was published. */
export function UnexpectedErrorPage() {
  return (
    <main id="content" className="alone">
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
