/**
 * Beginnings of the sequences by which a shell reports its commands, folder and task to the editor: those of VS Code
 * and FinalTerm, and three for the folder. The editor shows a reported folder in the tab of the terminal, with icons.
 */
const reports = ['633;', '133;', '7;', '9;9;', '1337;CurrentDir='];

/**
 * Begins an operating system command, in seven and in eight bits; or may begin one at the end of the text. Terminals
 * execute control characters after the escape character, and then go on with the sequence.
 */
// oxlint-disable-next-line no-control-regex -- these are control sequences
const introducer = /\u001b[\u0000-\u0017\u0019\u001c-\u001f\u007f]*(?:\]|$)|\u009d/gu;

/** Characters of a command that terminals ignore, wherever they are. */
// oxlint-disable-next-line no-control-regex -- these are control characters
const ignored = /[\u0000-\u0006\u0008-\u0017\u0019\u001c-\u001f]+/gu;

/** Ends it, or aborts it. An escape character also begins the next sequence. */
// oxlint-disable-next-line no-control-regex -- these are control characters
const terminator = /[\u0007\u0018\u001a\u001b\u009c]/gu;

/** Maximum length of a beginning that is held back until the rest shows its kind, in UTF-16 units. */
const maxHeld = 64;

/** Kinds of operating system commands, by their beginnings; `open` if more characters are needed to decide. */
type Kind = 'report' | 'other' | 'open';

/**
 * Removes the reports of shells from output in arbitrary chunks. A server is no shell: with them its output would add
 * texts and icons to the tab, and commands to those that the user can run again.
 */
export class ShellReportFilter {
  #held = '';
  #isInReport = false;

  /** Returns the part of the output that can be shown and was not returned before. */
  push(chunk: string): string {
    const text = this.#held + chunk;
    this.#held = '';
    let shown = '';
    for (let at = 0; at < text.length;) {
      if (this.#isInReport) {
        at = this.#endOfReport(text, at);
        continue;
      }
      const found = firstMatch(introducer, text, at);
      if (!found) return shown + text.slice(at);
      const { executed, opening } = partsOf(found[0]);
      shown += text.slice(at, found.index) + executed;
      at = found.index + found[0].length;
      const kind = kindOf(text.slice(at, at + maxHeld));
      if (kind === 'open') {
        this.#held = opening + text.slice(at);
        break;
      }
      if (kind === 'report') this.#isInReport = true;
      else shown += opening;
    }
    return shown;
  }

  /** Returns where the text goes on after a report; its length if the report has not ended. */
  #endOfReport(text: string, from: number): number {
    const end = firstMatch(terminator, text, from);
    if (!end) return text.length;
    this.#isInReport = false;
    return end[0] === '\u001b' ? end.index : end.index + 1;
  }
}

/** Separates the control characters from the beginning of a sequence. */
function partsOf(found: string): { readonly executed: string; readonly opening: string } {
  if (!found.startsWith('\u001b')) return { executed: '', opening: found };
  return found.endsWith(']')
    ? { executed: found.slice(1, -1), opening: '\u001b]' }
    : { executed: found.slice(1), opening: '\u001b' };
}

/** Terminals parse the number at the beginning, so leading zeros are ignored. */
function kindOf(content: string): Kind {
  const significant = content.replaceAll(ignored, '').replace(/^0+/u, '');
  if (reports.some((report) => significant.startsWith(report))) return 'report';
  const isOpen = reports.some((report) => report.startsWith(significant));
  if (!isOpen) return 'other';
  return content.length < maxHeld ? 'open' : 'report';
}

function firstMatch(pattern: RegExp, text: string, from: number): RegExpExecArray | undefined {
  pattern.lastIndex = from;
  return pattern.exec(text) ?? undefined;
}
