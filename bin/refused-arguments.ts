/** Options of `cdk deploy` with which a deployment of the platform is not what it must be: name -> why, and what to do instead. */
const refusedOptions: Readonly<Record<string, string>> = {
  express:
    'express mode returns before resources are ready and turns rollback off, while migrations and deployments are custom resources that must be waited for',
  hotswap:
    'it changes tasks and functions behind CloudFormation, without migrations, CodeDeploy and alarms; develop with npm start',
  'hotswap-fallback':
    'it changes tasks and functions behind CloudFormation, without migrations, CodeDeploy and alarms; develop with npm start',
  watch: 'it implies --hotswap; develop with npm start',
  rollback: 'without rollback a failed deployment leaves stacks that the next one cannot update; leave the option out',
  'revert-drift':
    'a drift-aware change set points the listener rule back to blue and the service back to no tasks, because CodeDeploy and Application Auto Scaling own both; see the runbook for what was changed by hand',
};

/** What `-R` stands for. */
const shortForms: Readonly<Record<string, string>> = { R: 'no-rollback' };

/**
 * The arguments that must not reach `cdk deploy`, each with the reason.
 *
 * `--rollback`, which is the default, passes; `--no-rollback`, `--rollback=false` and `-R` do not. `--no-hotswap` and the like pass.
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
    return isRefused ? [`${arg} is refused: ${reason}.`] : [];
  });
}
