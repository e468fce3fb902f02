// Tables as text.
import { isText } from '../magic.ts';
import type { DataFormat } from './data-format.ts';

const ending = /\.(csv|tsv|txt|tab|data)$/i;

export const tableFormat: DataFormat = {
  title: 'table',
  recognise({ path, name, folder, start }) {
    return folder === undefined && ending.test(name) && isText(start) ? { name: 'table', path } : undefined;
  },
};
