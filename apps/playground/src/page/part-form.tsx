// A form for any part, made from what its registry says of it: names, options, defaults, bounds.
import { optionFromText } from '@gankit/core/registry';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { NamedPart, OptionDescription, PartDescription, PartKind } from '../protocol.ts';
import { catalogue, revision, step } from './store.ts';

/** `learningRate` as people say it. */
const words = (name: string) =>
  name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).replace(/^\w/, (letter) => letter.toUpperCase());

interface FieldProps {
  readonly option: OptionDescription;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** Numbers of a list, one field each: the layers of a network. */
function NumbersField({ option, value, onChange }: FieldProps) {
  const numbers = Array.isArray(value) ? (value as readonly number[]) : [];
  const id = useId();
  return (
    <fieldset class="numbers">
      <legend title={option.description}>{words(option.name)}</legend>
      <div class="row">
        {numbers.map((number, index) => (
          <input
            key={`${index}-${number}-${revision.value}`}
            id={`${id}-${index}`}
            type="number"
            min={option.minimum ?? 1}
            max={option.maximum}
            defaultValue={String(number)}
            aria-label={`${words(option.name)}, number ${index + 1}`}
            onChange={({ currentTarget }) => {
              const next = Number(currentTarget.value);
              if (currentTarget.value.trim() !== '') onChange(numbers.map((each, at) => (at === index ? next : each)));
            }}
          />
        ))}
        <button
          type="button"
          onClick={() => onChange([...numbers, numbers.at(-1) ?? 64])}
          aria-label={`Add a number to ${words(option.name)}`}
        >
          +
        </button>
        <button
          type="button"
          disabled={numbers.length === 0}
          onClick={() => onChange(numbers.slice(0, -1))}
          aria-label={`Take the last number of ${words(option.name)} away`}
        >
          {'\u2212'}
        </button>
      </div>
    </fieldset>
  );
}

function ChoicesField({ option, value, onChange }: FieldProps) {
  const chosen = Array.isArray(value) ? (value as readonly string[]) : [];
  return (
    <fieldset>
      <legend title={option.description}>{words(option.name)}</legend>
      {option.choices?.map((choice) => (
        <label class="check" key={choice}>
          <input
            type="checkbox"
            checked={chosen.includes(String(choice))}
            onChange={({ currentTarget: { checked } }) =>
              onChange(checked ? [...chosen, String(choice)] : chosen.filter((each) => each !== choice))
            }
          />
          {choice}
        </label>
      ))}
    </fieldset>
  );
}

const textual = { type: 'text', list: undefined } as const;
const numeric = { type: 'number', inputMode: 'decimal' } as const;

/** One option. A field that is emptied leaves the choice to the part. */
function OptionField({ option, value, onChange }: FieldProps) {
  const id = useId();
  const { type, name, description, choices = [], minimum, maximum } = option;
  if (type === 'whole numbers') return <NumbersField option={option} value={value} onChange={onChange} />;
  if (type === 'choices') return <ChoicesField option={option} value={value} onChange={onChange} />;
  if (type === 'flag') {
    return (
      <label class="check" title={description}>
        <input
          type="checkbox"
          checked={value === true}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
        {words(name)}
      </label>
    );
  }
  const shown = value === undefined || value === null ? '' : String(value);
  const change = (text: string) => onChange(text.trim() === '' ? undefined : optionFromText(option, text));
  return (
    <div class="field">
      <label for={id} title={description}>
        {words(name)}
      </label>
      {type === 'choice' ? (
        <select id={id} value={shown} onChange={({ currentTarget }) => change(currentTarget.value)} title={description}>
          {(value === undefined || !option.required) && option.default === undefined && (
            <option value="">its own choice</option>
          )}
          {choices.map((choice) => (
            <option key={choice} value={String(choice)}>
              {choice}
            </option>
          ))}
        </select>
      ) : (
        <input
          key={`${shown}-${revision.value}`}
          id={id}
          {...(type === 'text' ? textual : numeric)}
          step={type === 'whole number' ? 1 : 'any'}
          min={minimum}
          max={maximum}
          placeholder={option.required ? undefined : 'none'}
          title={description}
          defaultValue={shown}
          onChange={({ currentTarget }) => change(currentTarget.value)}
        />
      )}
    </div>
  );
}

/** A part without options that are absent, so that addresses stay short. */
function withOption(part: NamedPart, name: string, value: unknown): NamedPart {
  const { [name]: _, ...rest } = part;
  return (value === undefined ? rest : { ...rest, [name]: value }) as NamedPart;
}

/** A part by its name, with something for every option that has no default of its own. */
function partNamed(kind: PartKind, name: string): NamedPart {
  const { options = [] } = catalogue.value?.[kind].find((each) => each.name === name) ?? {};
  const needed = options.flatMap(({ required, name: option, type, choices, minimum, maximum }) => {
    if (!required) return [];
    // What happens after a step happens from now on.
    if (option === 'after') return [[option, step.value]];
    if (type === 'choice') return [[option, choices?.[0]]];
    return type === 'number' || type === 'whole number' ? [[option, (type === 'number' ? maximum : minimum) ?? 1]] : [];
  });
  return { name, ...Object.fromEntries(needed) };
}

interface PartFieldsProps {
  readonly kind: PartKind;
  readonly part: NamedPart;
  readonly onChange: (part: NamedPart) => void;
}

/** Kinds whose options are asked for seldom: they are folded away. */
const folded: ReadonlySet<PartKind> = new Set([
  'loss',
  'stabilizers',
  'data',
  'negatives',
  'constraints',
  'conditioning',
]);

/** The options of a part. */
function PartFields({ kind, part, onChange }: PartFieldsProps) {
  const description = catalogue.value?.[kind].find(({ name }) => name === part.name);
  if (description === undefined) return null;
  const options = description.options.filter(
    ({ name, type }) => name !== 'cells' && (type !== 'other' || name === 'rate'),
  );
  if (options.length === 0) return null;
  const fields = (
    <div class="fields">
      {options.map((option) => {
        const change = (value: unknown) => onChange(withOption(part, option.name, value));
        if (option.type !== 'other') {
          return (
            <OptionField
              key={option.name}
              option={option}
              value={part[option.name] ?? option.default}
              onChange={change}
            />
          );
        }
        const rate = (part['rate'] as NamedPart | undefined) ?? { name: 'constant' };
        return <PartForm key="rate" kind="rate" legend="Rate over time" part={rate} onChange={change} />;
      })}
    </div>
  );
  if (!folded.has(kind)) return fields;
  return (
    <details class="more">
      <summary>Options</summary>
      {fields}
    </details>
  );
}

export interface PartFormProps extends PartFieldsProps {
  readonly legend: string;
  /** Those that may be chosen; all when absent. */
  readonly only?: ((part: PartDescription) => boolean) | undefined;
  readonly children?: ComponentChildren;
}

/** A choice among all parts of a kind, with the options of the chosen one. */
export function PartForm({ kind, legend, part, onChange, only = () => true, children }: PartFormProps) {
  const id = useId();
  const parts = (catalogue.value?.[kind] ?? []).filter((each) => only(each) || each.name === part.name);
  const chosen = parts.find(({ name }) => name === part.name);
  return (
    <fieldset class="part">
      <legend class="unseen">{legend}</legend>
      <div class="field">
        <label for={id}>{legend}</label>
        <select
          id={id}
          value={part.name}
          key={`${part.name}-${revision.value}`}
          onChange={({ currentTarget }) => onChange(partNamed(kind, currentTarget.value))}
        >
          {parts.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </div>
      {chosen && <p class="quiet">{sentence(chosen.description)}</p>}
      <PartFields kind={kind} part={part} onChange={onChange} />
      {children}
    </fieldset>
  );
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

export interface PartListProps {
  readonly kind: Extract<PartKind, 'penalties' | 'constraints' | 'stabilizers' | 'conditioning'>;
  readonly legend: string;
  readonly parts: readonly NamedPart[];
  readonly onChange: (parts: readonly NamedPart[]) => void;
  readonly only?: ((part: PartDescription) => boolean) | undefined;
}

/** Several parts of a kind: each can be changed or taken away, and more be added. */
export function PartList({ kind, legend, parts, onChange, only = () => true }: PartListProps) {
  const id = useId();
  const known = catalogue.value?.[kind] ?? [];
  const titleOf = (name: string) => known.find((each) => each.name === name)?.title ?? name;
  return (
    <fieldset class="part">
      <legend class="unseen">{legend}</legend>
      {parts.map((part, index) => (
        <div class="entry" key={`${index}-${part.name}`}>
          <div class="row between">
            <strong>{titleOf(part.name)}</strong>
            <button
              type="button"
              class="plain"
              onClick={() => onChange(parts.filter((_, at) => at !== index))}
              aria-label={`Remove ${titleOf(part.name)}`}
            >
              Remove
            </button>
          </div>
          <PartFields
            kind={kind}
            part={part}
            onChange={(changed) => onChange(parts.map((each, at) => (at === index ? changed : each)))}
          />
        </div>
      ))}
      <div class="field">
        <label for={id}>{legend}</label>
        <select
          id={id}
          value=""
          key={`${parts.length}-${revision.value}`}
          onChange={({ currentTarget }) =>
            currentTarget.value !== '' && onChange([...parts, partNamed(kind, currentTarget.value)])
          }
        >
          <option value="">{parts.length > 0 ? 'add another' : 'none; add one'}</option>
          {known.filter(only).map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </div>
    </fieldset>
  );
}
