// CIFAR: the folder of its binary files.
import { cifarFiles } from '../cifar-files.ts';
import type { DataFormat } from './data-format.ts';

export const cifarFormat: DataFormat = {
  title: 'CIFAR',
  recognise({ path, folder = [] }) {
    const known = cifarFiles(folder, 'train') ?? cifarFiles(folder, 'test');
    return known && { name: 'cifar', folder: path };
  },
};
