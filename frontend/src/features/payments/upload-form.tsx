import { useRef, useState } from 'react';
import { Field } from '../../components/field.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { contentTypes, useUpload } from './documents-api.ts';

const mebibyte = 1024 * 1024;
const largestBytes = 10 * mebibyte;

/** Returns why the API would reject a file, if it would. */
function flawOf(file: File | undefined): string | undefined {
  if (!file) return 'Choose a file.';
  if (!(contentTypes as readonly string[]).includes(file.type)) return 'Choose a PDF, JPEG, PNG, CSV or text file.';
  if (file.size === 0) return 'This file is empty.';
  if (file.size > largestBytes) return `Choose a file of at most ${largestBytes / mebibyte} MiB.`;
  return undefined;
}

/** Uploads a file and shows the progress. */
export function UploadForm({ paymentId }: { readonly paymentId: string }) {
  const input = useRef<HTMLInputElement>(null);
  const [flaw, setFlaw] = useState<string>();
  const { mutate, isPending, isSuccess, error, share } = useUpload(paymentId);
  const submit = () => {
    const file = input.current?.files?.[0];
    const found = flawOf(file);
    setFlaw(found);
    if (!file || found !== undefined) return;
    mutate(file, {
      onSuccess: () => {
        if (input.current) input.current.value = '';
      },
    });
  };
  return (
    <form
      className="panel"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field
        label="Add a document"
        hint="PDF, JPEG, PNG, CSV or text, up to 10 MiB. It cannot be removed."
        error={flaw}
      >
        {(control) => <input {...control} ref={input} type="file" accept={contentTypes.join(',')} />}
      </Field>
      <ProblemAlert error={error} />
      {isPending && <progress aria-label="Upload" value={share} max={1} />}
      <p aria-live="polite">{isPending ? 'Uploading …' : isSuccess ? 'The document is stored.' : ''}</p>
      <button type="submit" disabled={isPending}>
        Upload
      </button>
    </form>
  );
}
