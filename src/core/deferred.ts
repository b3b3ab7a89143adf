/** A promise that is resolved from outside. */
export class Deferred<Value = void> {
  resolve: (value: Value | PromiseLike<Value>) => void = () => undefined;
  readonly promise = new Promise<Value>((resolve) => {
    this.resolve = resolve;
  });
}
