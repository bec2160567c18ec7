import { byCodeUnit } from '../sort';

/** A package of a bill of materials. */
interface Component {
  readonly 'bom-ref': string;
  readonly licenses?: readonly {
    readonly license?: { readonly id?: string; readonly name?: string };
    readonly expression?: string;
  }[];
}

/** A software bill of materials in CycloneDX 1.5, as npm writes it. @see https://cyclonedx.org/docs/1.5/json/ */
export interface BillOfMaterials {
  readonly metadata: { readonly component: { readonly name: string }; readonly timestamp?: string };
  readonly serialNumber?: string;
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string }[];
}

/** What is delivered, with the arguments that make npm list its packages. */
export const deliverables: Readonly<Record<string, readonly string[]>> = {
  // The image and the functions of the platform's stacks are built from the same packages.
  'image-and-functions': ['--workspace', 'app'],
  console: ['--workspace', 'frontend'],
  deployment: [],
};

/** The bill without its clock, its random number and the name of the folder, so that the same lockfile gives the same bill. */
export function reproducibleBill(name: string, bill: BillOfMaterials): BillOfMaterials {
  const { serialNumber: _, metadata, components, dependencies, ...rest } = bill;
  const { timestamp: __, ...lasting } = metadata;
  return {
    ...rest,
    metadata: { ...lasting, component: { ...metadata.component, name } },
    components: [...components].sort(byCodeUnit((component) => component['bom-ref'])),
    dependencies: [...dependencies].sort(byCodeUnit(({ ref }) => ref)),
  };
}

/** Licences that allow delivery without publishing our own code. */
const allowed: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'OFL-1.1',
  'Python-2.0',
  'Unlicense',
]);

/** One message for each package whose licence the policy does not allow. The project's own packages have none. */
export function licenceProblems({ components }: BillOfMaterials): string[] {
  return components
    .filter((component) => !component['bom-ref'].startsWith('@payment-platform/'))
    .flatMap((component) => {
      const texts = (component.licenses ?? []).map(
        ({ license, expression }) => expression ?? license?.id ?? license?.name ?? '',
      );
      if (texts.length > 0 && texts.every(isAllowed)) return [];
      return [
        `${component['bom-ref']} has the licence ${texts.join(', ') || 'unknown'}, which the policy does not allow. Replace the package.`,
      ];
    });
}

/** Of alternatives, one suffices; a conjunction needs all. */
function isAllowed(expression: string): boolean {
  const alternatives = expression.replace(/[()]/g, '').split(/ or /i);
  return alternatives.some((alternative) => alternative.split(/ and /i).every((id) => allowed.has(id.trim())));
}
