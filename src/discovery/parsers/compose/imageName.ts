/** Returns the name of an image, without its owner, registry and tag. */
export function imageName(image: string): string {
  return withoutTag(partsOf(image).at(-1) ?? '');
}

/** Returns the registry, owner and name of an image, the last one with its tag. */
export function partsOf(image: string): string[] {
  return (image.split('@', 1)[0] ?? '').split('/');
}

export function withoutTag(part: string): string {
  return part.split(':', 1)[0] ?? '';
}
