import type { SubmitEvent } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { textOf } from '../../lib/form-text.ts';

/** One field that finds payments. The text is in the URL, and the filters stay. */
export function SearchForm() {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const entered = search.get('q') ?? '';
  const find = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const target = new URLSearchParams(search);
    const text = textOf(new FormData(event.currentTarget), 'q');
    target.delete('cursor');
    if (text === '') target.delete('q');
    else target.set('q', text);
    void navigate(`?${target}`);
  };
  return (
    <form role="search" aria-label="Payments" className="search" onSubmit={find} key={entered}>
      <Field label="Find" hint="Id, reference, token, amount such as EUR 12.50, or metadata such as order:1234">
        {(control) => (
          <input {...control} type="search" name="q" defaultValue={entered} maxLength={300} autoComplete="off" />
        )}
      </Field>
      <button type="submit">
        <Icon name="search" /> Find
      </button>
    </form>
  );
}
