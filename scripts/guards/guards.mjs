// @ts-check
import { coreGuards } from './coreGuards.mjs';
import { hostGuards } from './hostGuards.mjs';

/**
 * @typedef {object} Edit
 * @property {string} file
 * @property {string} from stands exactly once in the file
 * @property {string} to
 */

/**
 * @typedef {object} Guard
 * @property {string} name what is taken away
 * @property {Edit[]} edits how it is taken away
 * @property {Record<string, string[]>} tests full titles by test file; every one of them must fail without the guard
 */

/** What must not be missing; without any one of these, tests must fail, or nothing proves that it is needed.
 * @type {Guard[]} */
export const guards = [...coreGuards, ...hostGuards  {
    name: 'the identity check before a foreign process is ended',
    edits: [
      {
        file: 'src/host/endHolder.ts',
        from: 'holders.find((each) => isSame(each.process, process))',
        to: 'holders.find((each) => each.process.pid === process.pid)',
      },
    ],
    tests: {
      [portHolders]: [
        'who holds a port that is a stranger is left alone when it is another process than the one that was shown',
      ],
    },
  },
  {
    name: 'the refusal to end what is no stranger',
    edits: [
      {
        file: 'src/host/endHolder.ts',
        from: "if (holder.owner.kind === 'foreign') return holder;",
        to: "if (holder.owner.kind !== 'server') return holder;",
      },
    ],
    tests: {
      [portHolders]: ['who holds a port may be the extension host of another window, which is not ended'],
    },
  },
];
