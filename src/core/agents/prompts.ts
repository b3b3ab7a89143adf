import { escaped } from '../plainText.js';
import { firstOrigin, originText } from '../server/origin.js';
import { serverTitle, type ServerCommand } from '../server/definition.js';
import type { AgentQuestion } from './context.js';
import type { Translator } from '../common.js';
import { startedBy } from '../server/stateQueries.js';

/** Text of a confirmation. */
export interface QuestionView {
  readonly text: string;
  /** Further lines of text. */
  readonly detail: readonly string[];
  /** Label of the button that confirms. */
  readonly accept: string;
}

export function questionView(question: AgentQuestion, l10n: Translator): QuestionView {
  const { agent } = question;
  if (question.kind === 'run') {
    return {
      text: l10n.t('Let {0} start a new server?', agent),
      detail: [
        l10n.t('Command: {0}', exactCommand(question.command)),
        l10n.t('Folder: {0}', question.cwd),
        '',
        l10n.t('It is no script or configured server of this workspace.'),
      ],
      accept: l10n.t('Start It'),
    };
  }
  const { definition, state } = question.server;
  const title = serverTitle(definition);
  const owner = firstOrigin(startedBy(state));
  const starter =
    owner.kind === 'user'
      ? l10n.t('You started it, not the agent.')
      : l10n.t('It was started by {0}.', originText(startedBy(state), l10n));
  return question.kind === 'stop'
    ? { text: l10n.t('Let {0} stop {1}?', agent, title), detail: [starter], accept: l10n.t('Stop It') }
    : { text: l10n.t('Let {0} restart {1}?', agent, title), detail: [starter], accept: l10n.t('Restart It') };
}

/** Returns a command as it is executed, with its arguments quoted and every misleading character escaped. */
export function exactCommand(command: ServerCommand): string {
  if (command.kind === 'shell') return asciiOnly(command.line);
  return [command.file, ...command.args].map(quoteArgument).join(' ');
}

function quoteArgument(argument: string): string {
  if (/^[\w@%+=:,./-]+$/u.test(argument)) return argument;
  return asciiOnly(JSON.stringify(argument));
}

/** Escapes characters outside ASCII: they may look like others, or change the direction of the text after them. */
function asciiOnly(text: string): string {
  return text.replaceAll(/[^\u0020-\u007e]/gu, escaped);
}
