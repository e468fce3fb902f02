// What starts this command once more, for trials in processes of their own.
import { resolve } from 'node:path';

export function thisCommand(): readonly string[] {
  return [process.execPath, ...process.execArgv, resolve(process.argv[1]!)];
}
