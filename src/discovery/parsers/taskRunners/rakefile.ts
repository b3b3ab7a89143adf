import type { FileParser } from '../../files/fileParser.js';
import { ancestorFolders, folderOf } from '../../files/relativePath.js';
import { sourceLines } from '../shared/sourceText.js';
import { targetServers, type Target } from './targets.js';

/** Finds the tasks of a `Rakefile` that serve, by the shell commands that they run. */
export const rakefile: FileParser = {
  source: 'taskRunners',
  patterns: ['Rakefile', 'rakefile', 'Rakefile.rb'],
  parse({ path, text }, facts) {
    const hasGemfile = ancestorFolders(folderOf(path)).some((folder) => facts.names(folder).has('Gemfile'));
    return targetServers(
      tasksOf(sourceLines(text)),
      { program: 'rake', launcher: hasGemfile ? ['bundle', 'exec'] : undefined },
      facts,
    );
  },
};

interface OpenBlock {
  readonly indent: number;
  readonly namespace: string | undefined;
}

/** Returns the tasks. The block of a task ends at an `end` with the same indentation. */
function tasksOf(lines: readonly string[]): Target[] {
  const tasks: { name: string; lines: string[] }[] = [];
  let open: OpenBlock[] = [];
  let current: { readonly indent: number; readonly lines: string[] } | undefined;
  for (const line of lines.filter((each) => !/^\s*(?:#|$)/u.test(each))) {
    const indent = line.search(/\S/u);
    if (current && indent <= current.indent) current = undefined;
    open = open.filter((block) => indent > block.indent);
    const namespace = /^\s*namespace[\s(]+:?["']?([\w-]+)/u.exec(line)?.[1];
    if (namespace !== undefined) open.push({ indent, namespace });
    const [, name, needed = ''] = /^\s*task[\s(]+:?["']?([\w:-]+)["']?([^]*)/u.exec(line) ?? [];
    if (name === undefined) current?.lines.push(...commandsIn(line));
    else {
      const prefix = open.flatMap((block) => block.namespace ?? []);
      const task = { name: [...prefix, name.replace(/:$/u, '')].join(':'), lines: prerequisites(needed) };
      tasks.push(task);
      current = { indent, lines: task.lines };
      task.lines.push(...commandsIn(needed));
    }
  }
  return tasks;
}

/** Returns the tasks that run before a task: `=> [:build, "db:up"]`, `: :serve`. */
function prerequisites(text: string): string[] {
  const list = /^(?:\s*,\s*\[[^\]]*\])?(?:\s*=>|:?(?=\s))\s*(\[[^\]]*\]|:[\w:-]+|["'][\w:-]+["'])/u.exec(
    text,
  )?.[1];
  return [...(list ?? '').matchAll(/[\w][\w:-]*/gu)].map(([name]) => `rake ${name}`);
}

/** Returns the shell lines and the tasks that a line of Ruby runs. */
function commandsIn(line: string): string[] {
  const shell = [
    ...line.matchAll(
      /\b(?:sh|system|exec|spawn|ruby)[\s(]+(?:["']([^"']{1,500})["'](?:\s*,\s*["']([^"']{1,200})["'])*)/gu,
    ),
  ].map(([call]) => [...call.matchAll(/["']([^"']{1,500})["']/gu)].map(([, word = '']) => word).join(' '));
  const quoted = [...line.matchAll(/`([^`]{1,500})`|%x[[({]([^\])}]{1,500})/gu)].map(
    ([, one, other]) => one ?? other ?? '',
  );
  const invoked = [...line.matchAll(/Rake::Task\[[:"']{1,2}(\w[\w:-]*)["']?\]\.(?:invoke|execute)/gu)].map(
    ([, name = '']) => `rake ${name}`,
  );
  return [...shell, ...quoted, ...invoked];
}
