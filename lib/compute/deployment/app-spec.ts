import { createHash } from 'node:crypto';
import type { ServiceDeploymentProperties } from './deployment-steps-contract';

/**
 * The AppSpec of a deployment and its SHA-256 digest.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
 */
export function appSpecFor(properties: ServiceDeploymentProperties): { content: string; sha256: string } {
  const content = JSON.stringify({
    version: 1,
    Resources: [
      {
        TargetService: {
          Type: 'AWS::ECS::Service',
          Properties: {
            TaskDefinition: properties.TaskDefinitionArn,
            LoadBalancerInfo: {
              ContainerName: properties.ContainerName,
              ContainerPort: Number(properties.ContainerPort),
            },
          },
        },
      },
    ],
  });
  return { content, sha256: createHash('sha256').update(content).digest('hex') };
}

/** Whether an AppSpec deploys this task definition. */
export function carriesRevision(content: string | undefined, taskDefinitionArn: string): boolean {
  return content?.includes(JSON.stringify(taskDefinitionArn)) ?? false;
}
