import type { ReactNode } from 'react';

export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

export interface DataTableProps {
  /** The accessible name. */
  readonly label: string;
  readonly columns: readonly Column[];
  /** One or more `tbody` elements. */
  readonly children: ReactNode;
}

/** A table that scrolls horizontally on a narrow screen, also with the keyboard. */
export function DataTable({ label, columns, children }: DataTableProps) {
  return (
    <div className="table-frame" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map(({ title, isNumber }) => (
              <th key={title} scope="col" className={isNumber ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        {children}
      </table>
    </div>
  );
}
