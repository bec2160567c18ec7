import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage } from '../lib/config/configuration-page';
import { overridesJsonSchema } from '../lib/config/json-schema';

/* `npm run schema` writes the JSON schema and the page of all settings. */

const folder = join(__dirname, '..', 'lib', 'config');
writeFileSync(join(folder, 'deployment-profile.schema.json'), overridesJsonSchema());
writeFileSync(join(folder, 'CONFIGURATION.md'), configurationPage());
