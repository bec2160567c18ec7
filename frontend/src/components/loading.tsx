const lines = ['first', 'second', 'third', 'fourth', 'fifth'] as const;

/** Outlines of content that is loading. A screen reader hears what is loading. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <div role="status" className="skeleton">
      <span className="visually-hidden">Loading {what} …</span>
      {lines.map((line) => (
        <div key={line} className="bone" />
      ))}
    </div>
  );
}
