import type { ReadyRule } from '../../core/readiness/readyRule.js';
import type { AddressInUse } from '../../core/urlDetection/addressInUse.js';
import { OwnOutput } from '../../core/urlDetection/ownOutput.js';
import type { ScannedPorts } from '../../core/urlDetection/urlScanner.js';
import { AnnouncedPorts } from './announcedPorts.js';
import { LinePattern } from './linePattern.js';
import type { PortStatements } from './portEvidence.js';
import type { ScannedOutput } from './urlWatcher.js';

/** A claimed port counts as evidence of a conflict after this time without a socket of the server, milliseconds. */
const claimMs = 2000;

/** Facts from the output of a server: its addresses, its complaint, and the line that its rule names. */
export class OutputFacts {
  readonly announced = new AnnouncedPorts();
  readonly #pattern: LinePattern | undefined;
  readonly #ownOutput = new OwnOutput();
  #firstOutputAt: number | undefined;
  #scannedComplaint: AddressInUse | undefined;
  #complaint: AddressInUse | undefined;
  #complainedAt = 0;
  #lastOwnPort: number | undefined;

  constructor(
    private readonly rule: Pick<ReadyRule, 'log' | 'port'>,
    private readonly expectedPort: number | undefined,
  ) {
    const { log } = rule;
    this.#pattern = log === undefined ? undefined : new LinePattern(log);
    if (expectedPort !== undefined) this.announced.expect(expectedPort);
  }

  /** The complaint of the server that its port is in use, unless it was ready since. */
  get complaint(): AddressInUse | undefined {
    return this.#complaint;
  }

  /** The same with the port on which the server said that it starts, if neither the complaint nor its definition names one. */
  get complaintWithPort(): AddressInUse | undefined {
    const port = this.#complaint?.port ?? (this.#wantedPort === undefined ? this.#lastOwnPort : undefined);
    return this.#complaint && { ...this.#complaint, port };
  }

  /** Time at which it began to complain, on the clock of `performance.now`. */
  get complainedAt(): number {
    return this.#complainedAt;
  }

  /** Time of the first line of the server's own, on the clock of `performance.now`; `undefined` while there is none. */
  get firstOutputAt(): number | undefined {
    return this.#firstOutputAt;
  }

  get portStatements(): PortStatements {
    return {
      complaint: this.#complaint,
      expectedPort: this.#wantedPort,
      ownPort: this.#lastOwnPort,
      claimedPorts: this.announced.claimedFor(claimMs),
    };
  }

  get #wantedPort(): number | undefined {
    return this.rule.port ?? this.expectedPort;
  }

  /** Whether a line matches the expression of the rule; `found` without one. */
  get pattern(): LinePattern['result'] {
    return this.#pattern?.result ?? 'found';
  }

  /** Returns whether it announced a new or better URL, complained about its port, or gave a result of the rule's expression. */
  take({ urls, ports, complaint, text }: ScannedOutput): boolean {
    this.#takeText(text);
    const { version } = this.announced;
    for (const url of urls) this.announced.announce(url);
    const isAnnouncement = this.announced.version !== version;
    this.#takePorts(ports);
    const isComplaint = complaint !== this.#scannedComplaint && complaint !== undefined;
    if (complaint !== this.#scannedComplaint) {
      // A later line may only add the port.
      if (!this.#complaint) this.#complainedAt = performance.now();
      this.#complaint = complaint;
    }
    this.#scannedComplaint = complaint;
    return this.#match(text) || isComplaint || isAnnouncement;
  }

  /** Forgets a complaint from before the server was ready. */
  solve(complaint: AddressInUse | undefined): void {
    if (complaint === this.#complaint) this.#complaint = undefined;
  }

  #takeText(text: string | undefined): void {
    if (text === undefined || this.#ownOutput.isFound) return;
    this.#ownOutput.push(text);
    if (this.#ownOutput.isFound) this.#firstOutputAt = performance.now();
  }

  #takePorts({ local, namedUrls, claimed, lastOwn, others }: ScannedPorts): void {
    this.#lastOwnPort = lastOwn;
    for (const port of local) this.announced.markLocal(port);
    for (const url of namedUrls) this.announced.name(url);
    for (const port of claimed) this.announced.claim(port);
    for (const port of others) this.announced.ignore(port);
  }

  #match(text: string | undefined): boolean {
    if (text === undefined || this.#pattern?.result !== 'none') return false;
    this.#pattern.push(text);
    return this.pattern !== 'none';
  }
}
