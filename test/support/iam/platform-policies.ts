import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec';
import type { TestPlatform } from '../test-platform';
import { type PolicyDocument, policyDocuments } from './policy-documents';
import { resourceTypeFacts } from './resource-arns';
import { TemplateValues } from './template-values';

/** The policies of one platform, with the means to resolve whatever they refer to. */
export interface PlatformPolicies {
  readonly platform: TestPlatform;
  readonly values: TemplateValues;
  readonly documents: readonly PolicyDocument[];
}

/** Reads every policy of every template of a platform. */
export async function platformPolicies(platform: TestPlatform): Promise<PlatformPolicies> {
  const types = new Set(platform.all.flatMap(({ resources }) => Object.values(resources.all).map(({ Type }) => Type)));
  const values = new TemplateValues(platform.all, await resourceTypeFacts(types, await loadAwsServiceSpec()));
  return { platform, values, documents: platform.all.flatMap((stack) => policyDocuments(stack, values)) };
}
