import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changesPage } from '../../lib/changes/changes-page';
import type { FieldChangeTable } from '../../lib/changes/field-changes';
import { profileNames } from '../../lib/config/deployment-profile';
import { describedChanges, fieldChanges } from '../support/changes';

/* `npm run changes` computes what a change of each setting does to an existing environment, and writes the table and its page. Takes minutes. */

const folder = join(__dirname, '..', '..', 'lib', 'changes');
const table = Object.fromEntries(
  profileNames.map((name) => [name, describedChanges(fieldChanges(name))]),
) as FieldChangeTable;
writeFileSync(join(folder, 'field-changes.json'), `${JSON.stringify(table, null, 2)}\n`);
writeFileSync(join(folder, 'CHANGES.md'), changesPage(table));
