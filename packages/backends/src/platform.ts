// What the surroundings offer, looked up through globalThis so that nothing here names a Node type or module.

interface ProcessLike {
  readonly versions?: { readonly node?: string };
  readonly env?: Readonly<Record<string, string | undefined>>;
  cwd?(): string;
  getBuiltinModule?(name: string): unknown;
}

interface ModuleBuiltin {
  createRequire(path: string): { (name: string): unknown; resolve(name: string): string };
}

interface UrlBuiltin {
  pathToFileURL(path: string): { readonly href: string };
}

function processLike(): ProcessLike | undefined {
  return (globalThis as { process?: ProcessLike }).process;
}

/** Node (also Bun and Deno, which speak its API), or a browser page or worker. A page inside Electron counts as a browser. */
export function currentPlatform(): 'node' | 'browser' {
  const scope = globalThis as { window?: { document?: unknown }; WorkerGlobalScope?: unknown };
  const inBrowser = scope.window?.document !== undefined || scope.WorkerGlobalScope !== undefined;
  return !inBrowser && processLike()?.versions?.node !== undefined ? 'node' : 'browser';
}

/** An environment variable; `undefined` when it is unset, empty or there is no environment. */
export function environmentVariable(name: string): string | undefined {
  const value = processLike()?.env?.[name];
  return value === undefined || value === '' ? undefined : value;
}

/** The `require` of the folder the program was started in; `undefined` outside Node. */
export function projectRequire(): ReturnType<ModuleBuiltin['createRequire']> | undefined {
  const process = processLike();
  const builtin = process?.getBuiltinModule?.('node:module') as ModuleBuiltin | undefined;
  const folder = process?.cwd?.();
  return builtin === undefined || folder === undefined ? undefined : builtin.createRequire(`${folder}/package.json`);
}

/** Node's `util` object as CommonJS packages see it; `undefined` outside Node. */
export function nodeUtil(): Record<string, unknown> | undefined {
  return processLike()?.getBuiltinModule?.('node:util') as Record<string, unknown> | undefined;
}

/** Imports a package by name. Bundlers leave the call alone: the packages it is used for exist in Node only, if at all. */
export type ImportPackage = (name: string) => Promise<unknown>;

/**
 * Imports an optional package: first as seen from here, then as seen from the folder the program was started in (with strict
 * package managers an application's packages are not visible from inside its dependencies).
 */
export const importPackage: ImportPackage = async (name) => {
  try {
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ name);
  } catch (error) {
    if (!isMissing(error, name)) throw error;
    const path = resolveFromProject(name);
    if (path === undefined) throw error;
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ path);
  }
};

function resolveFromProject(name: string): string | undefined {
  try {
    const path = projectRequire()?.resolve(name);
    const url = processLike()?.getBuiltinModule?.('node:url') as UrlBuiltin | undefined;
    return path === undefined ? undefined : url?.pathToFileURL(path).href;
  } catch {
    return undefined;
  }
}

/** Whether the import failed because this very package is not installed, rather than because it is broken inside. */
export function isMissing(error: unknown, name: string): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const text = String(message);
  const missing =
    code === 'ERR_MODULE_NOT_FOUND' ||
    code === 'MODULE_NOT_FOUND' ||
    text.startsWith('Cannot find package') ||
    text.startsWith('Failed to load url');
  return missing && (text.includes(`'${name}'`) || text.includes(`"${name}"`) || text.includes(` ${name} `));
}
