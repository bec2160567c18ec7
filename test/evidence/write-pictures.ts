import { writeFileSync } from 'node:fs';
import { architectureOf, drawn } from '../../lib/evidence/picture/picture';
import { pictureFile, pictureTitle } from '../support/evidence/pictures';
import { testAssembly } from '../support/evidence/test-assembly';
import { builtProfiles } from '../support/profile-contexts';

/* `npm run pictures` draws the architecture of each profile from its templates. */

async function main(): Promise<void> {
  for (const profile of builtProfiles)
    writeFileSync(pictureFile(profile), await drawn(architectureOf(testAssembly(profile)), pictureTitle(profile)));
}

void main();
