import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  AwsLogDriverMode,
  ContainerDependencyCondition,
  ContainerImage,
  type FargateTaskDefinition,
  LogDriver,
} from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acceptFindings } from '../../compliance/accepted-findings';
import { collectorConfiguration, samplingPort } from './collector-configuration';

export interface TraceCollectorProps {
  /** Percentage of traced requests until the sampling rules are loaded. */
  readonly samplingPercent: number;
  /** Changes with each version of the API image. */
  readonly apiVersion: string;
}

/** Memory of the container. The collector drops spans before it exceeds the limit and ECS ends it. */
const memoryMiB = 128;

/**
 * The AWS Distro for OpenTelemetry collector, a sidecar of the API that sends spans to X-Ray.
 *
 * It is not essential: if it ends, the API continues without tracing.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/trace-data.html
 */
export class TraceCollector extends Construct {
  /** Environment variables of the API container. */
  readonly environment: Readonly<Record<'TRACING' | 'TRACING_SAMPLE_PERCENT' | 'TRACING_SAMPLING_PORT', string>>;
  readonly #image: ContainerImage;

  constructor(scope: Construct, id: string, props: TraceCollectorProps) {
    super(scope, id);
    const { samplingPercent, apiVersion } = props;
    this.environment = {
      TRACING: 'otlp',
      TRACING_SAMPLE_PERCENT: String(samplingPercent),
      TRACING_SAMPLING_PORT: String(samplingPort),
    };
    this.#image = ContainerImage.fromDockerImageAsset(
      new DockerImageAsset(this, 'Image', {
        displayName: 'trace collector',
        directory: __dirname,
        exclude: ['*.ts'],
        platform: Platform.LINUX_ARM64,
        // Published again with each version of the API, because the repository keeps only the newest images.
        extraHash: apiVersion,
      }),
    );
  }

  /** Adds the collector container to a task, and X-Ray permissions to its task role. */
  addTo(task: FargateTaskDefinition, logGroup: ILogGroup): void {
    const api = task.defaultContainer;
    const collector = task.addContainer('collector', {
      image: this.#image,
      essential: false,
      memoryLimitMiB: memoryMiB,
      environment: { AOT_CONFIG_CONTENT: JSON.stringify(collectorConfiguration(memoryMiB)) },
      // Non-blocking mode, because the log of the collector contains no audit records.
      logging: LogDriver.awsLogs({ logGroup, streamPrefix: 'collector', mode: AwsLogDriverMode.NON_BLOCKING }),
      readonlyRootFilesystem: true,
      user: '65532:65532',
    });
    // Starts before the API and stops after it, so it receives the last spans.
    api?.addContainerDependencies({ container: collector, condition: ContainerDependencyCondition.START });
    task.taskRole.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [
          'xray:PutTraceSegments',
          'xray:PutTelemetryRecords',
          'xray:GetSamplingRules',
          'xray:GetSamplingTargets',
        ],
        resources: ['*'],
      }),
    );
    acceptFindings(task.taskRole, ['AwsSolutions-IAM5[Resource::*]'], {
      reason: 'The X-Ray actions support no resource-level permissions.',
      compensatingControl: 'They only write traces and read sampling rules.',
    });
  }
}
