import { agentDisplayName } from '../../core/agents/sanitize.js';
import { exactCommand } from '../../core/consent/executionText.js';
import type { ToolName } from '../../core/agents/names.js';
import type { Registry } from '../../core/registry/registry.js';
import type { Translator } from '../../core/common.js';

/** Text that the chat shows before a tool call. */
export interface InvocationText {
  readonly progress: string;
  /** Question whether to run the tool; `undefined` for a tool that changes nothing. */
  readonly title: string | undefined;
  /** Command and folder, exactly as they will be executed. */
  readonly code: readonly string[];
}

/** Returns the text for a call. A language model wrote the input, so its types are unchecked. */
export function invocationText(
  name: ToolName,
  input: unknown,
  registry: Pick<Registry, 'find'>,
  l10n: Translator,
): InvocationText {
  const fields: Readonly<Record<string, unknown>> = { ...(typeof input === 'object' ? input : {}) };
  const id = typeof fields['id'] === 'string' ? fields['id'] : undefined;
  const code = id === undefined ? commandLines(fields) : serverLines(id, registry);
  const program = typeof fields['program'] === 'string' ? fields['program'] : '';
  const subject = agentDisplayName(id ?? program);
  switch (name) {
    case 'devservers_list_changes':
    case 'devservers_list_servers':
      return { progress: l10n.t('Listing dev servers'), title: undefined, code: [] };
    case 'devservers_get_server_logs':
      return { progress: l10n.t('Reading the log of {0}', subject), title: undefined, code: [] };
    case 'devservers_wait_until_ready':
      return { progress: l10n.t('Waiting for {0}', subject), title: undefined, code: [] };
    case 'devservers_start_server':
      return { progress: l10n.t('Starting {0}', subject), title: l10n.t('Start {0}?', subject), code };
    case 'devservers_stop_server':
      return { progress: l10n.t('Stopping {0}', subject), title: l10n.t('Stop {0}?', subject), code };
    case 'devservers_restart_server':
      return {
        progress: l10n.t('Restarting {0}', subject),
        title: l10n.t('Restart {0}?', subject),
        code,
      };
  }
}

/** Returns the command and folder of a known server. */
function serverLines(id: string, registry: Pick<Registry, 'find'>): readonly string[] {
  const definition = registry.find(id)?.definition;
  if (!definition) return [JSON.stringify(id)];
  return [exactCommand(definition.command, definition.portArgument), definition.cwd];
}

function commandLines({ program, args, cwd }: Readonly<Record<string, unknown>>): readonly string[] {
  const programArgs = Array.isArray(args) ? args.map(String) : [];
  const command = { kind: 'argv', file: String(program), args: programArgs } as const;
  return [exactCommand(command), typeof cwd === 'string' ? cwd : '.'];
}
