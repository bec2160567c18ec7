import { Copyable } from '../../components/copyable.tsx';

/** The signing secret of an endpoint, which nobody can read again. */
export function ShownSecret({ secret }: { readonly secret: string }) {
  return (
    <section className="panel" aria-label="The signing secret">
      <div role="status">
        <p>
          <strong>Copy the signing secret now.</strong> It is shown only once. Your receiver verifies with it that an
          event is ours.
        </p>
        <Copyable text={secret} what="the signing secret" />
      </div>
    </section>
  );
}
