import type { Evidence } from '../evidence';
import { html, Html, mark, table } from './html';
import { costSection } from './cost-section';
import { protectionSection, removalSection } from './data-sections';
import { accessSection } from './access-section';
import { networkSection } from './network-section';
import { accountSection, claimsSection, findingsSection, requirementsSection } from './requirement-sections';
import { style } from './style';

interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: (evidence: Evidence) => Html;
}

const sections: readonly Section[] = [
  { id: 'requirements', title: 'Requirements', content: requirementsSection },
  { id: 'claims', title: 'Claims', content: claimsSection },
  { id: 'protection', title: 'Data at rest and in transit', content: protectionSection },
  { id: 'network', title: 'Who reaches whom', content: networkSection },
  { id: 'access', title: 'Who may do what', content: accessSection },
  { id: 'removal', title: 'What deletion leaves', content: removalSection },
  { id: 'cost', title: 'Monthly cost', content: costSection },
  { id: 'findings', title: 'Accepted findings', content: findingsSection },
  { id: 'account', title: 'Duties of the account', content: accountSection },
];

/** The report as one HTML page without scripts and without other files. @param picture the architecture as SVG */
export function evidencePage(evidence: Evidence, picture: string): string {
  const title = `Evidence of ${evidence.profile ?? 'an assembly'}`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          STYLE
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <p>
            Computed from the templates of a cloud assembly. Nothing was deployed. The same templates give the same
            report.
          </p>
          ${completeness(evidence)}
          <figure>
            ${new Html(picture)}
            <figcaption>Who opens connections to whom, from the templates.</figcaption>
          </figure>
        </header>
        <nav aria-label="Sections">
          <ul>
            ${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}
          </ul>
        </nav>
        <main>
          ${sections.map(
            ({ id, title: name, content }) =>
              html`<section id="${id}">
                <h2>${name}</h2>
                ${content(evidence)}
              </section>`,
          )}
        </main>
      </body>
    </html> `;
  return page.text.replace('STYLE', () => style);
}

function completeness({ unknownTypes, resourceCount, stacks }: Evidence): Html {
  const complete =
    unknownTypes.length === 0
      ? html`<p>${mark('good', 'complete')} ${resourceCount} resources, all of known types.</p>`
      : html`<p>${mark('bad', 'incomplete')} Nothing examines these types: ${unknownTypes.join(', ')}.</p>`;
  const rows = stacks.map(({ id, name, region }) => [id, name, region]);
  return html`${complete} ${table('Stacks', ['Stack', 'Name', 'Region'], rows)}`;
}
