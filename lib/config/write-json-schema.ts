import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage } from './configuration-page';
import { overridesJsonSchema } from './json-schema';

writeFileSync(join(__dirname, 'deployment-profile.schema.json'), overridesJsonSchema());
writeFileSync(join(__dirname, 'CONFIGURATION.md'), configurationPage());
