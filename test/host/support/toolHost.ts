import { TestHost } from './testHost.js';
import { TestTools } from './testTools.js';

/** A process host whose servers are run by the tools of the tests, on projects that end with it. */
export class ToolHost extends TestHost {
  readonly tools = new TestTools();

  override async end(): Promise<void> {
    await super.end();
    this.tools.end();
  }
}
