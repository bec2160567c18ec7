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

/** What the collector is told. */
export interface TraceCollectorProps {
  /** The share of requests that is followed as long as the sampling rules are not known. */
  readonly samplingPercent: number;
  /** Changes with each version of the API. */
  readonly apiVersion: string;
}

/** Of the task's memory; what does not fit is dropped by the collector itself, before ECS would end it. */
const memoryMiB = 128;

/**
 * The collector beside the API: takes spans on loopback and brings them to X-Ray.
 *
 * It is not essential. When it ends, requests are served without being followed.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/trace-data.html
 */
export class TraceCollector extends Construct {
  /** What the API is told of it. */
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
        // Published anew with each version of the API: the repository keeps the newest images only, and one that is in use must be among them.
        extraHash: apiVersion,
      }),
    );
  }

  /** Puts the collector into a task, and lets the task's role write traces and read sampling rules. */
  addTo(task: FargateTaskDefinition, logGroup: ILogGroup): void {
    const api = task.defaultContainer;
    const collector = task.addContainer('collector', {
      image: this.#image,
      essential: false,
      memoryLimitMiB: memoryMiB,
      environment: { AOT_CONFIG_CONTENT: JSON.stringify(collectorConfiguration(memoryMiB)) },
      // A line of the collector that is lost is no audit record.
      logging: LogDriver.awsLogs({ logGroup, streamPrefix: 'collector', mode: AwsLogDriverMode.NON_BLOCKING }),
      readonlyRootFilesystem: true,
      user: '65532:65532',
    });
    // Starts before the API, and so ends after it: what the API delivers at its end still arrives.
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
      reason: 'The actions by which traces are sent to X-Ray support no resource.',
      compensatingControl: 'They write traces and read sampling rules, and nothing else.',
    });
  }
}
