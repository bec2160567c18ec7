import type { Evidence } from '../evidence';
import type { ClaimResult, Status } from '../pci/examine-requirements';
import { html, type Html, mark, table } from './html';

const kinds = { shown: 'good', shared: 'part', 'not shown': 'open', 'contradicted by specification': 'bad' } as const;
const statusMark = (status: Status): Html => mark(kinds[status], status);

const claimLink = (id: string): Html => html`<a href="#claim-${id}">${id}</a> `;

/** Requirements with their status. */
export function requirementsSection({ requirements, acceptedFindings }: Evidence): Html {
  const statuses = Object.keys(kinds) as Status[];
  const counts = statuses.map((status) => [
    statusMark(status),
    requirements.filter((each) => each.status === status).length,
  ]);
  const rows = requirements.map(({ number, subject, status, claims, withoutResources, operator }) => {
    const findings = acceptedFindings.filter((finding) => finding.requirements.includes(number)).length;
    return [
      number,
      subject,
      statusMark(status),
      [claims.map(claimLink), withoutResources.map((id) => html`${id} (no resources) `)],
      operator.join(' '),
      findings === 0 ? '' : html`<a href="#findings">${findings}</a>`,
    ];
  });
  return html`<p>
      <b>Shown</b>: templates show it. <b>Shared</b>: templates show their part; the operator has one, too.
      <b>Not shown</b>: templates do not show it. <b>Contradicted by specification</b>: the profile’s specification asks
      for something else. Subjects are in our own words; the standard decides.
    </p>
    ${table('Requirements by status', ['Status', 'Requirements'], counts)}
    ${table('Requirements of PCI DSS 4.0.1', ['Number', 'Subject', 'Status', 'Claims', 'Operator', 'Findings'], rows)}`;
}

/** Claims with every resource that was examined. */
export function claimsSection({ claims }: Evidence): Html {
  return html`${claims.map(claimDetails)}`;
}

function claimDetails({ id, statement, status, reason, requirements, observations }: ClaimResult): Html {
  const refuting = observations.filter(({ holds }) => !holds);
  const supporting = observations.filter(({ holds }) => holds);
  const rows = [...refuting, ...supporting].map(({ resource, holds, detail }) => [
    resource,
    holds ? 'yes' : mark('bad', 'no'),
    detail,
  ]);
  return html`<article id="claim-${id}">
    <h3>${id} ${statusMark(status)}</h3>
    <p>${statement} Requirements ${requirements.join(', ')}. ${reason ?? ''}</p>
    ${
      rows.length === 0
        ? ''
        : html`<details>
            <summary>${observations.length} resources of ${id}</summary>
            ${table(`Resources of ${id}`, ['Resource', 'Holds', 'Properties'], rows)}
          </details>`
    }
  </article>`;
}

/** Accepted findings of cdk-nag with the requirements that they touch. */
export function findingsSection({ acceptedFindings }: Evidence): Html {
  if (acceptedFindings.length === 0) return html`<p>The assembly records no accepted findings.</p>`;
  const rows = acceptedFindings.map(({ path, rule, reason, compensatingControl, requirements }) => [
    path,
    rule,
    requirements.join(', ') || 'none',
    reason,
    compensatingControl,
  ]);
  return table('Accepted findings', ['Construct', 'Rule', 'Touches', 'Reason', 'Compensating control'], rows);
}

const dutyMarks = { on: 'good', partly: 'bad', off: 'bad', unknown: 'open' } as const;

/** Duties of the account. */
export function accountSection({ accountDuties }: Evidence): Html {
  const rows = accountDuties.map(({ service, requirements, duty, resources, checks }) => [
    service,
    requirements.join(', '),
    duty,
    resources.length === 0 ? mark('open', 'not in the assembly') : resources.join(', '),
    checks.length === 0
      ? mark('open', 'not examined')
      : checks.map(({ region, state, detail }) => html`<p>${mark(dutyMarks[state], state)} ${region}: ${detail}</p>`),
  ]);
  return html`<p>
      All environments of an account share these controls, so the platform creates none of them.
      <code>npm run evidence -- --account</code> examines the account of the credentials.
    </p>
    ${table('Duties of the account', ['Service', 'Requirements', 'Duty', 'In the assembly', 'In the account'], rows)}`;
}
