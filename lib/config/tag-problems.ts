import type { Problem } from './configuration-error';
import type { DeploymentProfile } from './deployment-profile';

/** @see https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const limits = { keyLength: 128, valueLength: 256, tags: 40 };
/** What the strictest of the services in use accepts. */
const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** What AWS would refuse of the tags of a profile. */
export function tagProblems({ tags }: DeploymentProfile): Problem[] {
  const entries = Object.entries(tags);
  const tooMany =
    entries.length > limits.tags
      ? [
          {
            field: 'tags',
            value: entries.length,
            remedy: `a resource bears 50 tags, some of which the platform sets; name at most ${limits.tags}`,
          },
        ]
      : [];
  return [
    ...tooMany,
    ...entries.flatMap(([key, value]) =>
      [...keyProblems(key), ...valueProblems(value)].map((remedy) => ({ field: `tags.${key}`, value, remedy })),
    ),
  ];
}

function keyProblems(key: string): string[] {
  if (/^aws:/i.test(key)) return ['AWS reserves keys that start with aws:; choose another key'];
  if (key === 'Name') return ['the platform names its resources itself; choose another key'];
  if (key.length === 0 || key.length > limits.keyLength) return [`a key has 1 to ${limits.keyLength} characters`];
  return allowed.test(key) ? [] : ['use letters, digits, spaces and _ . : / = + - @ in the key'];
}

function valueProblems(value: string): string[] {
  if (value.length > limits.valueLength) return [`a value has at most ${limits.valueLength} characters; shorten it`];
  return allowed.test(value) ? [] : ['use letters, digits, spaces and _ . : / = + - @ in the value'];
}
