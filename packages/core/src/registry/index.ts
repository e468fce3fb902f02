export { describeOptions, type OptionDescription, optionFromText } from './describe.ts';
export { type Checked, check, checkedValue, type Fault, formatFault, formatPath, prototypeKeys } from './faults.ts';
export {
  choice,
  choices,
  flag,
  members,
  number,
  type OptionEntries,
  option,
  type Range,
  required,
  shown,
  text,
  wholeNumber,
  wholeNumbers,
} from './option.ts';
export {
  type About,
  createPart,
  type Entry,
  entryOf,
  type NamedPart,
  type PartOf,
  type Registry,
  registry,
} from './registry.ts';
