import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { overridesJsonSchema } from './json-schema';

writeFileSync(join(__dirname, 'deployment-profile.schema.json'), overridesJsonSchema());
