import type { Problem } from './configuration-error';
import type { DeploymentProfile } from './deployment-profile';

/** @see https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const limits = { keyLength: 128, valueLength: 256, tags: 40 };
/** The characters that every service in use accepts. */
const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Tags that AWS would reject. */
export function tagProblems({ tags }: DeploymentProfile): Problem[] {
  const entries = Object.entries(tags);
  const tooMany =
    entries.length > limits.tags
      ? [
          {
            field: 'tags',
            value: entries.length,
            message: `A resource has at most 50 tags, some of which the platform sets. Define at most ${limits.tags}.`,
          },
        ]
      : [];
  return [
    ...tooMany,
    ...entries.flatMap(([key, value]) =>
      [...keyProblems(key), ...valueProblems(value)].map((message) => ({ field: `tags.${key}`, value, message })),
    ),
  ];
}

function keyProblems(key: string): string[] {
  if (/^aws:/i.test(key)) return ['AWS reserves keys that start with aws:. Use another key.'];
  if (key === 'Name') return ['The platform sets the tag Name itself. Use another key.'];
  if (key.length === 0 || key.length > limits.keyLength) return [`Use a key of 1 to ${limits.keyLength} characters.`];
  return allowed.test(key) ? [] : ['Use only letters, digits, spaces and _ . : / = + - @ in the key.'];
}

function valueProblems(value: string): string[] {
  if (value.length > limits.valueLength) return [`Use a value of at most ${limits.valueLength} characters.`];
  return allowed.test(value) ? [] : ['Use only letters, digits, spaces and _ . : / = + - @ in the value.'];
}
