import type { AnsweredQuestion } from '../access/questions';
import type { RoleAccess } from '../access/access';
import type { Evidence } from '../evidence';
import { html, type Html, mark, table } from './html';
import { problemsOf } from './network-section';

/** Answers to an auditor's questions, ways of privilege escalation, and the grants of each role. */
export function accessSection({ access: { questions, escalations, roles, outside, problems } }: Evidence): Html {
  return html`<p>
      After permissions boundaries, explicit denials, resource policies and key policies. What a template leaves open
      counts as allowed.
    </p>
    ${problemsOf(problems)} ${questions.map(answers)}
    <h3>Privilege escalation</h3>
    ${
      escalations.length === 0
        ? html`<p>${mark('good', 'none')} No role can gain the permissions of another.</p>`
        : table(
            'Roles that can gain the permissions of another',
            ['Role', 'Method', 'Actions', 'Gains'],
            escalations.map(({ role, method, actions, gains }) => [role, method, actions.join(', '), gains.join(', ')]),
          )
    }
    <h3>Roles</h3>
    ${roles.map(grants)}
    <h3>Outside of the templates</h3>
    <ul>
      ${outside.map((identity) => html`<li>${identity}</li>`)}
    </ul>`;
}

function answers({ text, answers: found, resources }: AnsweredQuestion): Html {
  if (found.length === 0) {
    return html`<p><b>${text}</b> ${mark('good', 'nobody')} Asked of ${resources.length} resources.</p>`;
  }
  const rows = found.map(({ principal, kind, resource, actions, conditions }) => [
    principal,
    kind,
    resource,
    actions.join(', '),
    conditions.join(' or '),
  ]);
  return table(text, ['Principal', 'Kind', 'Resource', 'Actions', 'If'], rows);
}

function grants({ name, kind, assumedBy, hasBoundary, grants: own }: RoleAccess): Html {
  const boundary = hasBoundary ? '' : mark('bad', 'no boundary');
  const rows = own.map(({ resource, actions, conditions }) => [resource, actions.join(', '), conditions.join(' or ')]);
  return html`<details>
    <summary>${name}: ${kind}, assumed by ${assumedBy.join(', ')} ${boundary}</summary>
    ${rows.length === 0 ? html`<p>No grants of its own.</p>` : table(`Grants of ${name}`, ['Resource', 'Actions', 'If'], rows)}
  </details>`;
}
