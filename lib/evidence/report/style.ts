/** The style of the report. It is printable and needs no other file. */
export const style = `
:root { color-scheme: light; --ink: #1b1f24; --line: #d0d7de; --soft: #f6f8fa; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 75rem; padding: 1.5rem; color: var(--ink); background: #fff; font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; margin: 0 0 .5rem; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .5rem; border-bottom: 2px solid var(--line); padding-bottom: .25rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
a { color: #0550ae; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; list-style: none; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0 1.25rem; font-size: 14px; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { border: 1px solid var(--line); padding: .3rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th { background: var(--soft); overflow-wrap: normal; }
tbody th { font-weight: 500; min-width: 6rem; }
td.number, .number { text-align: right; white-space: nowrap; }
details { margin: .25rem 0; }
summary { cursor: pointer; }
.mark { border-radius: .25rem; padding: .05rem .4rem; font-weight: 600; white-space: nowrap; }
.good { background: #dafbe1; color: #0a4c20; }
.part { background: #ddf4ff; color: #033d6b; }
.bad { background: #cf222e; color: #fff; }
.open { background: #fff1c2; color: #4d3800; }
.bar { fill: #0969da; }
figure { margin: 1rem 0; overflow-x: auto; }
figure svg { max-width: 100%; height: auto; }
@media print { body { max-width: none; padding: 0; font-size: 11px; } nav { display: none; } table { font-size: 10px; } tr { break-inside: avoid; } .wide { overflow: visible; } }
`;
