#!/usr/bin/env node
// Runs the command from source inside this repository; the published package runs its build instead (publishConfig.bin).
import { register } from 'tsx/esm/api';

register();
await import('../src/main.ts');
