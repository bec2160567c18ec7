/** Outlines on a grid of 24 units. */
const paths = {
  balances: 'M4 20h16M7 16v-5M12 16V5M17 16V9',
  developers: 'm8 7-5 5 5 5M16 7l5 5-5 5M13.5 5l-3 14',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  home: 'M4 11l8-7 8 7v9H4zM9.5 20v-6h5v6',
  menu: 'M4 7h16M4 12h16M4 17h16',
  payments: 'M3 6h18v12H3zM3 10h18M6.5 14.5h4',
  plus: 'M12 5v14M5 12h14',
  refunds: 'M9 5 4 10l5 5M4 10h11a5 5 0 0 1 0 10h-3',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16 16l5 5',
  signOut: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9',
  webhooks: 'M9 8a3.5 3.5 0 1 1 5 3.2l-3 5M6.5 12A3.5 3.5 0 1 0 10 17h6M17.5 13.5a3.5 3.5 0 1 1-2 6',
} as const;

export type IconName = keyof typeof paths;

/** A decorative icon in the colour of the text. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
