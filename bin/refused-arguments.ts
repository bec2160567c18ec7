/** Options of `cdk deploy` that break a deployment of the platform. Each maps to the reason and the alternative. */
const refusedOptions: Readonly<Record<string, string>> = {
  express:
    'Express mode disables rollback and does not wait for custom resources, which run the migrations and deployments. Omit it.',
  hotswap:
    'It changes tasks and functions outside CloudFormation, without migrations, CodeDeploy and alarms. To develop, use npm start.',
  'hotswap-fallback':
    'It changes tasks and functions outside CloudFormation, without migrations, CodeDeploy and alarms. To develop, use npm start.',
  watch: 'It implies --hotswap. To develop, use npm start.',
  rollback: 'Without rollback, a failed deployment leaves stacks that the next one cannot update. Omit it.',
  'revert-drift':
    'A drift-aware change set resets the listener rule to blue and the service to zero tasks, because CodeDeploy and Application Auto Scaling change both. To revert a manual change, follow the runbook.',
};

/** Short options and their long form. */
const shortForms: Readonly<Record<string, string>> = { R: 'no-rollback' };

/**
 * One message for each argument that `cdk deploy` must not receive, with the reason and the alternative.
 *
 * Accepts `--rollback`, the default, but not `--no-rollback`, `--rollback=false` or `-R`. Accepts a negated option such as `--no-hotswap`.
 */
export function refusedArguments(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    const [, long, short, inline] = /^(?:--([\w-]+)|-([A-Za-z]))(?:=(.*))?$/.exec(arg) ?? [];
    const spelled = long ?? (short === undefined ? undefined : shortForms[short]);
    if (spelled === undefined) return [];
    const value = inline ?? (/^(true|false)$/.test(args[index + 1] ?? '') ? args[index + 1] : 'true');
    const isNegated = spelled.startsWith('no-');
    const option = isNegated ? spelled.slice('no-'.length) : spelled;
    const isOn = (value !== 'false') !== isNegated;
    const reason = refusedOptions[option];
    const isRefused = reason !== undefined && (option === 'rollback' ? !isOn : isOn);
    return isRefused ? [`${arg} is not supported. ${reason}`] : [];
  });
}
