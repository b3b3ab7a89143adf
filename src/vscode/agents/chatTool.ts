import {
  LanguageModelTextPart,
  LanguageModelToolResult,
  type LanguageModelTool,
  type LanguageModelToolInvocationOptions,
  type PreparedToolInvocation,
} from 'vscode';
import type { AgentCaller } from '../../core/agents/context.js';
import type { AgentTools } from '../../core/agents/tools.js';
import type { ToolName } from '../../core/agents/names.js';
import type { Registry } from '../../core/registry/registry.js';
import { PlainMarkdown } from '../display/tooltip.js';
import { invocationText } from './agentToolText.js';
import type { Translator } from '../../core/common.js';

export interface ChatToolDeps {
  readonly tools: AgentTools;
  readonly registry: Pick<Registry, 'find'>;
  readonly l10n: Translator;
}

/** Minimum number of UTF-16 units of output in one token of a language model. */
const unitsPerToken = 2;

/** Creates a tool for the chat. */
export function chatTool(name: ToolName, { tools, registry, l10n }: ChatToolDeps): LanguageModelTool<object> {
  return {
    prepareInvocation: ({ input }): PreparedToolInvocation => {
      const { progress, title, code } = invocationText(name, input, registry, l10n);
      if (title === undefined) return { invocationMessage: progress };
      const { markdown } = new PlainMarkdown().code(code.flatMap(wrapped));
      return { invocationMessage: progress, confirmationMessages: { title, message: markdown } };
    },
    invoke: async (options, token) => {
      const abort = new AbortController();
      const cancellation = token.onCancellationRequested(() => abort.abort());
      if (token.isCancellationRequested) abort.abort();
      try {
        const { text, data } = await tools.call(name, options.input, agentCaller(options, abort.signal));
        return new LanguageModelToolResult([text, JSON.stringify(data)].map(textPart));
      } finally {
        cancellation.dispose();
      }
    },
  };
}

type Options = LanguageModelToolInvocationOptions<object>;

/** A call without a chat token comes from another extension. */
function agentCaller(
  { toolInvocationToken, tokenizationOptions }: Options,
  signal: AbortSignal,
): AgentCaller {
  const name = toolInvocationToken === undefined ? 'an extension' : 'Copilot';
  // The editor does not report which chat or which extension calls.
  const caller = toolInvocationToken === undefined ? 'extension' : 'chat';
  const budget = tokenizationOptions?.tokenBudget;
  return {
    origin: { kind: 'agent', name, caller },
    signal,
    ...(budget !== undefined && { maxOutputLength: budget * unitsPerToken }),
  };
}

/** Splits a line that a code block would show only partly, so that it cannot hide its end. */
function wrapped(line: string): string[] {
  return line.match(/.{1,80}/gu) ?? [];
}

function textPart(text: string): LanguageModelTextPart {
  return new LanguageModelTextPart(text);
}
