import { executionLines } from '../consent/executionText.js';
import { firstOrigin, originText, type AgentOrigin } from '../server/origin.js';
import { escapeHidden } from '../plainText.js';
import { serverTitle } from '../server/definition.js';
import { english, joinList } from '../text.js';
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

/** Maximum length of what a question shows of a command; a user would not read more to the end. UTF-16 units. */
export const maxQuestionLength = 1000;

/** Returns whether the user could not be expected to read the whole question. */
export function isTooLong(question: AgentQuestion): boolean {
  // A hidden character is shown as six others. The middle of a line that becomes too long would not be shown.
  return commandLines(question, english).map(escapeHidden).join('').length > maxQuestionLength;
}

export function questionView(question: AgentQuestion, l10n: Translator): QuestionView {
  const agent = callerText(question.caller, l10n);
  const lines = commandLines(question, l10n);
  switch (question.kind) {
    case 'run':
      return {
        text: l10n.t('Let {0} start a new server?', agent),
        detail: [...lines, '', l10n.t('Not a script or configured server in this workspace.')],
        accept: l10n.t('Start It'),
      };
    case 'start': {
      const titles = joinList(question.definitions.map(serverTitle), l10n);
      const reason = l10n.t(
        'It is new or has changed since you last started it. If you agree, agents can start it without asking until it changes again.',
      );
      return {
        text: l10n.t('Let {0} start {1}?', agent, titles),
        detail: [...lines, '', reason],
        accept: l10n.t('Start It'),
      };
    }
    case 'stop':
    case 'restart':
      return stopView(question, agent, l10n);
  }
}

/** Returns the name of a caller and, since callers may share a name, its process. */
function callerText({ name, pid }: AgentOrigin, l10n: Translator): string {
  if (pid === undefined) return name;
  const process = l10n.t('PID {0}', pid);
  // Names of MCP clients and of the command line end with a note in parentheses.
  return name.endsWith(')')
    ? `${joinList([name.slice(0, -1), process], l10n)})`
    : l10n.t('{0} ({1})', name, process);
}

function stopView(
  { kind, server: { definition, state } }: Extract<AgentQuestion, { kind: 'stop' | 'restart' }>,
  agent: string,
  l10n: Translator,
): QuestionView {
  const title = serverTitle(definition);
  const owner = firstOrigin(startedBy(state));
  const starter =
    owner.kind === 'user'
      ? l10n.t('You started this server, not the agent.')
      : l10n.t(
          'It was started by {0}.',
          owner.kind === 'agent' ? callerText(owner, l10n) : originText(startedBy(state), l10n),
        );
  return kind === 'stop'
    ? { text: l10n.t('Let {0} stop {1}?', agent, title), detail: [starter], accept: l10n.t('Stop It') }
    : { text: l10n.t('Let {0} restart {1}?', agent, title), detail: [starter], accept: l10n.t('Restart It') };
}

/** Returns what would be executed: every command with its folder, variables and scripts. */
function commandLines(question: AgentQuestion, l10n: Translator): readonly string[] {
  if (question.kind === 'run') return executionLines({ ...question, env: {} }, l10n);
  if (question.kind !== 'start') return [];
  return question.definitions.flatMap((definition) => executionLines(definition, l10n));
}
