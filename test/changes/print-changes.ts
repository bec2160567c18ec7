import { profileNames } from '../../lib/config/deployment-profile';
import { fieldChanges } from '../support/changes';

/* Prints what a change of each field does to an environment that exists: `npm run changes -- PROFILE…`. Takes minutes a profile. */

const asked = process.argv.slice(2);
for (const profile of profileNames.filter((name) => asked.length === 0 || asked.includes(name))) {
  console.log(`\n## ${profile}\n\n| field | change | resources |\n| --- | --- | --- |`);
  for (const [field, classification] of Object.entries(fieldChanges(profile))) {
    const { changeClass = 'no other value is accepted', resources = [], refusals = [] } = classification ?? {};
    const refused = refusals.map(
      ({ stackName, logicalId = 'the stack', reason }) => `${stackName} ${logicalId} ${reason}`,
    );
    const shown = refused.length > 0 ? refused : resources;
    console.log(`| ${field} | ${changeClass} | ${shown.join('; ')} |`);
  }
}
