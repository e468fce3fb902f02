// What a page may do: run its own script, show its own style and pictures that are in it. Nothing else.
import { base64 } from './markup.ts';

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return `'sha256-${base64(new Uint8Array(digest))}'`;
}

/** The policy of a page with one style and one script. @param connects Whether it may fetch from where it came. */
export async function contentPolicy(page: {
  readonly style: string;
  readonly script: string;
  readonly connects: boolean;
}): Promise<string> {
  const [style, script] = await Promise.all([hashOf(page.style), hashOf(page.script)]);
  const images = page.connects ? "data: 'self'" : 'data:';
  return [
    "default-src 'none'",
    `img-src ${images}`,
    `style-src ${style}`,
    `script-src ${script}`,
    ...(page.connects ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
