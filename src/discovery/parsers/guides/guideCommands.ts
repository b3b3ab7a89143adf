import { guideParts, type GuidePart } from './guideParts.js';

/** A line of a guide that a reader may type, with the text around it. */
export interface GuideCommand {
  readonly line: string;
  /** Its comment, or else the paragraph before it. */
  readonly about: string;
  /** The paragraph before it, if it is the only command of its block. */
  readonly introduction: string;
  /** Heading of its section. */
  readonly heading: string;
  /** Headings above that one, the title of the guide first. */
  readonly chapters: readonly string[];
  /** Folders that earlier commands of its section change into, in order. */
  readonly path: readonly string[];
  /** Whether it only prepares the last command of its block, which the guide talks about. */
  readonly isPreparation: boolean;
  /** Text between it and the next command. */
  readonly after: string;
}

/** Number of characters of a paragraph that describe the commands next to it. */
const maxContext = 400;

/** A line that visits a server that an earlier line starts. */
const visits = /^(?:curl|wget|open|xdg-open|http)\s/u;

/** Returns the commands of a guide in the order of its text. */
export function guideCommands(text: string): GuideCommand[] {
  const parts = guideParts(text);
  let section: Section = { heading: '', level: 0, above: [], path: [] };
  return parts.flatMap((part, index) => {
    if (part.kind === 'heading') section = sectionAfter(section, part);
    if (part.kind === 'text') return inlineCommands(part, section, parts[index - 1], parts[index + 1]);
    return part.kind === 'code' ? blockCommands(part, section, parts[index - 1], parts[index + 1]) : [];
  });
}

interface Section {
  readonly heading: string;
  readonly level: number;
  /** Sections that contain it, the outermost first. */
  readonly above: readonly Section[];
  readonly path: string[];
}

function sectionAfter(previous: Section, { lines, level = 1 }: GuidePart): Section {
  const above = [...previous.above, previous].filter((section) => section.level < level);
  return { heading: lines.join(' '), level, above, path: [] };
}

function chaptersOf({ above }: Section): string[] {
  return above.map(({ heading }) => heading);
}

/** A code span with several words, or the path of a program. */
const codeSpan = /`([^`\s]{2,100} [^`]{1,100}|(?:\.|[\w-]{1,50})\/[\w./-]{1,100})`/gu;

const listItem = /^(?:[*+-]|\d{1,3}[.)])\s/u;

/** An item of a list that is only a command. */
const onlyCommand = /^(?:[*+-]|\d{1,3}[.)])\s+`[^`]{1,200}`[.:]?$/u;

/** Returns the commands in code spans, as in "`make dev` starts the server". */
function inlineCommands(
  { lines }: GuidePart,
  section: Section,
  previous: GuidePart | undefined,
  next: GuidePart | undefined,
): GuideCommand[] {
  const { heading } = section;
  const chapters = chaptersOf(section);
  return lines.flatMap((line, index) => {
    const isLast = index === lines.length - 1 && onlyCommand.test(line);
    return [...line.matchAll(codeSpan)].map(([, command = '']) => ({
      line: command,
      about: `${listSentence(lines.slice(0, index), line, previous)}${line.slice(0, maxContext)}`,
      introduction: '',
      heading,
      chapters,
      path: [],
      isPreparation: false,
      after: isLast ? textOf(next).slice(0, maxContext) : '',
    }));
  });
}

/** Returns the sentence that introduces a list, for an item of the list: "You can start the server with:". */
function listSentence(before: readonly string[], line: string, previous: GuidePart | undefined): string {
  if (!listItem.test(line)) return '';
  const sentence = before.findLast((each) => !listItem.test(each)) ?? textOf(previous).slice(-maxContext);
  return sentence.endsWith(':') ? `${sentence} ` : '';
}

function blockCommands(
  { lines }: GuidePart,
  section: Section,
  previous: GuidePart | undefined,
  next: GuidePart | undefined,
): GuideCommand[] {
  const block = new CommandBlock(section, textOf(previous).slice(-maxContext));
  for (const line of joined(lines))
    block.add(line.trim().replace(/^(?:\([\w.-]{1,30}\)\s?)?(?:\$|>|%|\u276F|PS>)\s+/u, ''));
  return block.endedBy(textOf(next).slice(0, maxContext));
}

/** Reads the lines of a block for a shell. */
class CommandBlock {
  readonly #commands: GuideCommand[] = [];
  #comment = '';
  #visits = '';

  constructor(
    private readonly section: Section,
    private readonly paragraph: string,
  ) {}

  add(line: string): void {
    const at = line.search(/(?<=^|\s)(?:#|\/\/)\s/u);
    const command = at === -1 ? line : line.slice(0, at).trim();
    const remark = at === -1 ? '' : line.slice(at).replace(/^\S+\s+/u, '');
    const folder = /^(?:cd|pushd)\s+(\S+)$/u.exec(command)?.[1];
    if (command === '') this.#comment = remark;
    else if (visits.test(command)) this.#visits += `${command} `;
    else if (folder !== undefined) this.section.path.push(folder);
    else this.#addCommand(command, remark);
  }

  #addCommand(line: string, remark: string): void {
    const own = remark || this.#comment;
    const { heading, path } = this.section;
    this.#commands.push({
      line,
      about: own,
      introduction: '',
      heading,
      chapters: chaptersOf(this.section),
      path: [...path],
      isPreparation: own === '',
      after: '',
    });
  }

  /** Ends the block and returns its commands. The text after the block describes the last one. */
  endedBy(following: string): GuideCommand[] {
    // The paragraph is about the only command, even if that has a comment.
    const introduction = this.#commands.length === 1 ? this.paragraph : '';
    const all = this.#commands.map((command) => ({
      ...command,
      about: command.about || this.paragraph,
      introduction,
    }));
    const last = all.at(-1);
    return last === undefined
      ? []
      : [...all.slice(0, -1), { ...last, isPreparation: false, after: this.#visits + following }];
  }
}

function textOf(part: GuidePart | undefined): string {
  return part?.kind === 'text' ? part.lines.join(' ') : '';
}

/** Joins lines that a backslash continues. */
function joined(lines: readonly string[]): string[] {
  return lines
    .join('\n')
    .replaceAll(/\\\n\s*/gu, ' ')
    .split('\n');
}
