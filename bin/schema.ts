import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage } from '../lib/config/configuration-page';
import { overridesJsonSchema } from '../lib/config/json-schema';
import { evidenceJsonSchema } from '../lib/evidence/evidence-schema';

/* `npm run schema` writes the JSON schemas of settings and evidence, and the page of all settings. */

const library = join(__dirname, '..', 'lib');
const folder = join(library, 'config');
writeFileSync(join(folder, 'deployment-profile.schema.json'), overridesJsonSchema());
writeFileSync(join(folder, 'CONFIGURATION.md'), configurationPage());
writeFileSync(join(library, 'evidence', 'evidence.schema.json'), evidenceJsonSchema());
