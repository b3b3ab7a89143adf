import { LanguageModelTextPart, lm, type CancellationToken } from 'vscode';
import type { ToolName } from '../../../src/core/agents/names.js';

export interface Answer {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Calls a tool. Returns the content that a language model would get. */
export async function callTool(
  name: ToolName,
  input: object = {},
  token?: CancellationToken,
): Promise<Answer> {
  const { content } = await lm.invokeTool(name, { input, toolInvocationToken: undefined }, token);
  const texts = content.filter((part) => part instanceof LanguageModelTextPart).map(({ value }) => value);
  const [text = '', data = ''] = texts;
  return { text, data: JSON.parse(data) as Answer['data'] };
}
