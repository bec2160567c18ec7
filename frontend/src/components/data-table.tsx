import type { ReactNode } from 'react';

export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

export interface DataTableProps {
  /** What a screen reader calls it. */
  readonly label: string;
  readonly columns: readonly Column[];
  /** One or more bodies. */
  readonly children: ReactNode;
}

/** A table that scrolls by itself where the screen is narrow, with the keyboard too. */
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
