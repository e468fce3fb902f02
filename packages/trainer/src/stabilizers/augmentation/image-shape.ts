import { type Discriminator, formatShape, GanKitError } from '@gankit/core';

/**
 * Checks that a discriminator judges images.
 * @throws GanKitError `incompatible` when its input is not [height, width, channels].
 */
export function checkImages(what: string, { name, inputShape }: Discriminator): void {
  if (inputShape.length === 3) return;
  throw new GanKitError(
    'incompatible',
    `${what} needs images [height, width, channels], but ${name} takes ${formatShape(inputShape)}; leave it out for other data.`,
    { value: inputShape },
  );
}
