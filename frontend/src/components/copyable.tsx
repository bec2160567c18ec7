import { useState } from 'react';

/** A text with a button that copies it. */
export function Copyable({ text, what }: { readonly text: string; readonly what: string }) {
  const [isCopied, setCopied] = useState(false);
  return (
    <span className="copyable">
      <code>{text}</code>
      <button
        type="button"
        className="quiet small"
        aria-label={`Copy ${what}`}
        onClick={() => {
          void navigator.clipboard.writeText(text).then(() => {
            setCopied(true);
          });
        }}
      >
        {isCopied ? 'Copied' : 'Copy'}
      </button>
    </span>
  );
}
