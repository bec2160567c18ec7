import type { ReactNode } from 'react';

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

export interface DataTableProps<Row> {
  /** The accessible name. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** What a click on a row does besides its links. A link in the row does the same for the keyboard. */
  readonly onOpen?: (row: Row) => void;
}

const classOf = ({ isNumber }: { readonly isNumber?: boolean }) => (isNumber ? 'number' : undefined);

/**
 * A table that scrolls horizontally, also with the keyboard. On a narrow screen each row is a card.
 *
 * The roles are explicit, because browsers drop those of a table whose cells are laid out otherwise.
 */
export function DataTable<Row>({ label, columns, rows, keyOf, onOpen }: DataTableProps<Row>) {
  return (
    <div className="table-frame" role="region" aria-label={label} tabIndex={0}>
      <table role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ title, ...column }) => (
              <th key={title} role="columnheader" scope="col" className={classOf(column)}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr
              key={keyOf(row)}
              role="row"
              className={onOpen && 'opens'}
              onClick={
                onOpen &&
                ((event) => {
                  // Links, buttons and selected text keep their meaning.
                  const isOwn = event.target instanceof Element && event.target.closest('a, button') !== null;
                  if (!isOwn && window.getSelection()?.toString() === '') onOpen(row);
                })
              }
            >
              {columns.map(({ title, cell, ...column }) => (
                <td key={title} role="cell" data-title={title} className={classOf(column)}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
