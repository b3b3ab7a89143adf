import type { FileParser } from '../../files/fileParser.js';
import { parseJsonc } from '../../files/jsonc.js';
import { noFindings, unreadableFile } from '../shared/findings.js';
import { ownEntries, ownValue } from '../shared/ownValues.js';
import { sizeProblem } from '../shared/sourceText.js';

/** Maximum number of labels that are read. Files with more are generated. */
const maxLabels = 100;

/** Longest label that fits into a row, in characters. */
const maxLength = 80;

/** Reads the labels of the ports that a container for development forwards. It lists no servers. */
export const devcontainer: FileParser = {
  source: 'launch',
  patterns: ['.devcontainer.json', '.devcontainer/devcontainer.json', '.devcontainer/*/devcontainer.json'],
  parse({ text }, { l10n }) {
    const tooLarge = sizeProblem(text, l10n);
    if (tooLarge !== undefined) return unreadableFile(tooLarge);
    const { value } = parseJsonc(text, l10n);
    const labels = ownEntries(ownValue(value, 'portsAttributes'))
      .slice(0, maxLabels)
      .flatMap(([port, attributes]) => {
        const label = ownValue(attributes, 'label');
        // A range or an expression is for processes without known ports.
        return typeof label === 'string' && isPort(port) && isUsable(label)
          ? [[port, label.trim()] as const]
          : [];
      });
    // The editor reports what is wrong with the file when it opens the container.
    return labels.length === 0 ? noFindings : { ...noFindings, portLabels: Object.fromEntries(labels) };
  },
};

function isPort(text: string): boolean {
  return /^[1-9]\d{0,4}$/u.test(text) && Number(text) <= 65_535;
}

function isUsable(label: string): boolean {
  return label.trim() !== '' && label.length <= maxLength && !/\p{Cc}/u.test(label);
}
