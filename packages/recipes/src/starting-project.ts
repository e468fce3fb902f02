// The files of a folder to begin in: a recipe that an editor checks and completes, and what runs it.
import { checkOptions, GanKitError } from '@gankit/core';
import { namedRecipes } from './named-recipes.ts';

export interface StartingProjectOptions {
  /** The name of the project: that of its folder. */
  readonly name: string;
  /** A named recipe to begin from, or a data set, such as `mnist` or `ring`, or the path of a folder of pictures. */
  readonly data: string;
  /** Whether the recipe is TypeScript, which Node reads from version 22.18 on; JavaScript with types in comments otherwise. */
  readonly typescript: boolean;
  /** The versions of GANKit that fit, as package.json names them: `^1.2.0`. */
  readonly version: string;
}

/** A file of a project. */
export interface ProjectFile {
  /** Within the project's folder. */
  readonly path: string;
  readonly text: string;
}

/** What suits data that are often begun with: the recipe, and the lines below it. */
function beginning(data: string): { readonly lines: readonly string[]; readonly about: string } {
  const steps = (count: number) => `  stopping: { steps: ${count} },`;
  if (/[\\/]|^\.+$/.test(data)) {
    return {
      about: `the pictures in ${data}`,
      lines: [
        `  // A DCGAN for thousands of pictures instead of millions: R1, adaptive augmentation, an average of the weights.`,
        `  extends: 'small-data',`,
        `  // Folders in it are classes. \`side\` is the height and width of a sample; chosen from the pictures when absent.`,
        `  data: { name: 'pictures', path: ${JSON.stringify(data)} },`,
        steps(5000),
      ],
    };
  }
  if (data === 'mnist') {
    return {
      about: 'handwritten digits, each to order',
      lines: [
        `  // A DCGAN on handwritten digits; both players are told the class.`,
        `  extends: 'digits',`,
        `  data: { name: 'mnist' },`,
        steps(3500),
      ],
    };
  }
  if (Object.hasOwn(namedRecipes, data)) {
    const { description = data } = namedRecipes[data]!;
    return { about: `the recipe '${data}'`, lines: [`  // ${description}`, `  extends: '${data}',`] };
  }
  return { about: `the data '${data}'`, lines: [`  data: { name: ${JSON.stringify(data)} },`] };
}

const advice = [
  `  // Everything else is chosen by the data and the models. To change it, name it here; an editor completes it:`,
  `  // loss: { name: 'hinge' },`,
  `  // penalties: [{ name: 'r1', gamma: 0.5 }],`,
];

function recipeText({ data, typescript }: StartingProjectOptions): string {
  const body = [`  seed: 1,`, ...beginning(data).lines, ...advice].join('\n');
  return typescript
    ? `import type { Recipe } from '@gankit/recipes';\n\nexport default {\n${body}\n} satisfies Recipe;\n`
    : `// @ts-check\n\n/** @type {import('@gankit/recipes').Recipe} */\nexport default {\n${body}\n};\n`;
}

/** A name that npm allows. */
const packageName = (name: string) =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[._-]+|[._-]+$/g, '') || 'gan';

/**
 * The files of a project to begin with: the recipe, package.json with scripts, what git leaves out, and a page that says what to do.
 * @throws GanKitError `invalid-argument` for data without a name.
 */
export function startingProject(options: StartingProjectOptions): readonly ProjectFile[] {
  checkOptions('startingProject', options, {
    name: 'required',
    data: 'required',
    typescript: 'required',
    version: 'required',
  });
  const { name, data, typescript, version } = options;
  if (data.trim() === '')
    throw new GanKitError('invalid-argument', 'Name the data to learn, such as mnist or ./photos.');
  const recipe = typescript ? 'recipe.ts' : 'recipe.mjs';
  const manifest = {
    name: packageName(name),
    private: true,
    type: 'module',
    scripts: {
      train: `gankit train --recipe ${recipe} --out runs/first`,
      sample: 'gankit sample runs/first --count 64',
      report: 'gankit report runs/first',
    },
    devDependencies: Object.fromEntries(
      ['@gankit/backend-onnx', '@gankit/cli', '@gankit/recipes'].map((each) => [each, version] as const),
    ),
  };
  const readme = `# ${name}

Learns ${beginning(data).about}. The recipe is [${recipe}](${recipe}).

\`\`\`sh
npm install --ignore-scripts
npm run train      # into runs/first; Ctrl-C saves, npx gankit train --resume runs/first goes on
npm run sample     # more samples
npm run report     # runs/first/report.html: samples over time, curves, what was found and what to try
npx gankit list    # every loss, penalty, model, schedule, ... that the recipe can name
\`\`\`
`;
  return [
    { path: recipe, text: recipeText(options) },
    { path: 'package.json', text: `${JSON.stringify(manifest, undefined, 2)}\n` },
    { path: '.gitignore', text: 'node_modules\nruns\n' },
    { path: 'README.md', text: readme },
  ];
}
