// The command line. Commands are imported when they are called, so that `--help` answers at once.

import { GanKitError } from '@gankit/core/error';
import { Command, CommanderError, Option } from 'commander';
import { addCompletionCommand } from './commands/completion.ts';
import { addDataCommand } from './commands/data.ts';
import { addEvaluateCommand } from './commands/evaluate.ts';
import { addExplainCommand } from './commands/explain.ts';
import type { ExportOptions } from './commands/export.ts';
import type { InfoOptions } from './commands/info.ts';
import { addInitCommand } from './commands/init.ts';
import { addInterpolateCommand } from './commands/interpolate.ts';
import { addProjectCommand } from './commands/project.ts';
import { addReportCommand } from './commands/report.ts';
import type { SampleOptions } from './commands/sample.ts';
import { addServeCommand } from './commands/serve.ts';
import { addSweepCommands } from './commands/sweep.ts';
import type { TrainFlags } from './commands/train.ts';
import { addHelpTexts } from './help.ts';
import { positiveNumber, several, share, wholeNumber } from './parse.ts';
import { exitCodes, reportError } from './report-error.ts';
import { beQuiet, writeJson } from './say.ts';
import { commandVersion } from './version.ts';

const description = `Train generative adversarial networks and sample from them.

  gankit train --data mnist
  gankit train --data ./photos
  gankit data inspect ./photos
  gankit train --data ring --loss minimax --steps 2000 --out runs/ring
  gankit train --recipe wgan-gp --set batchSize=32
  gankit train --resume runs/ring --steps 4000
  gankit sample runs/ring --count 1000 --out points.csv
  gankit train --recipe digits --out runs/digits
  gankit sample runs/digits --class 7
  gankit compare --data grid --loss minimax,non-saturating,hinge --seeds 3`;

function trainCommand(finish: (code: number) => void): Command {
  return new Command('train')
    .description('Train a generator and a discriminator on a data set.')
    .option('--recipe <name|file>', "a named recipe (see 'gankit list recipes'), or a .json, .yaml or .ts file")
    .option('--set <path=value>', 'a value anywhere in the recipe, such as optimizers.generator.beta1=0.5', several)
    .option(
      '--data <name|path>',
      "a data set (see 'gankit list data'), or a path such as ./photos, set.zip, table.csv; mnist by default",
    )
    .option('--data-folder <path>', 'folder of the files, for mnist, idx and cifar')
    .option('--model <name>', 'the architecture of both players; by default the one that suits the data')
    .option(
      '--conditional <name>',
      'how both players are told the class: projection (by default, where images have classes), concatenation, auxiliary or contrastive',
    )
    .option('--no-conditional', 'tell nobody the class')
    .option('--loss <name[:option=value,...]>', 'the adversarial loss; non-saturating by default')
    .option('--penalty <name[:option=value,...]>', 'a penalty to add; may be given several times', several)
    .option('--clip-weights <limit>', "clip the discriminator's weights to +-limit", positiveNumber('--clip-weights'))
    .option('--steps <n>', 'training steps', wholeNumber('--steps'))
    .option('--batch-size <n>', 'real samples in each update', wholeNumber('--batch-size'))
    .option('--learning-rate <number>', 'the learning rate of both players', positiveNumber('--learning-rate'))
    .option(
      '--discriminator-learning-rate <number>',
      'another rate for the discriminator (TTUR)',
      positiveNumber('--discriminator-learning-rate'),
    )
    .option(
      '--learning-rate-decay <share>',
      'share of the run, 0 to 1, after which the learning rate falls to 0; 1 keeps it',
      share('--learning-rate-decay'),
    )
    .option(
      '--clip-gradients <norm>',
      "scale each player's gradient down to this norm",
      positiveNumber('--clip-gradients'),
    )
    .option('--latent-size <n>', 'length of the latent vector', wholeNumber('--latent-size'))
    .option('--width <n>', 'channels of the widest map (mlp: units of both hidden layers)', wholeNumber('--width'))
    .option(
      '--discriminator-steps <n>',
      'discriminator updates for each of the generator',
      wholeNumber('--discriminator-steps'),
    )
    .option('--schedule <name[:option=value,...]>', "how many updates each player makes: see 'gankit list schedules'")
    .option(
      '--negatives <name[:option=value,...]>',
      "where the discriminator's fakes come from: see 'gankit list negatives'",
    )
    .option(
      '--instance-noise <deviation>',
      'noise on all that the discriminator sees, falling to 0',
      positiveNumber('--instance-noise'),
    )
    .option('--augment <name[:option=value,...]>', 'augmentation of all that the discriminator sees: diff or adaptive')
    .option(
      '--average <samples>',
      "show and save an exponential moving average (EMA) of the generator's weights, with this half-life in samples",
      positiveNumber('--average'),
    )
    .addOption(
      new Option(
        '--on-divergence <what>',
        'when a number becomes NaN: go back to the last checkpoint, or stop',
      ).choices(['rollback', 'stop']),
    )
    .option('--sample-every <n>', 'steps between sample pictures', wholeNumber('--sample-every'))
    .option('--checkpoint-every <n>', 'steps between checkpoints', wholeNumber('--checkpoint-every'))
    .option('--tensorboard', 'write event files for TensorBoard into the folder of the run')
    .option('--seed <n>', 'the seed of everything random; 1 by default', wholeNumber('--seed', 0))
    .option(
      '--resume <run>',
      'go on with the run in this folder, from its last checkpoint, also beyond its end or by another recipe',
    )
    .option('--out <folder>', 'the folder of the run, which must not exist; by default a new one in runs/')
    .option('--backend <name>', 'the TensorFlow.js backend; by default the fastest that works here')
    .option(
      '--ranks <n>',
      'train on so many processes of this machine, each on its rows of every batch (needs MPI); on several machines use mpirun',
      wholeNumber('--ranks'),
    )
    .option('--preview', 'show samples in the terminal; by default where it shows pictures or colours')
    .option('--no-preview', 'show none')
    .option('--json', 'write how it ended as JSON')
    .option('--jsonl', 'write every event as a line of JSON')
    .action(async (flags: TrainFlags) => {
      const { train } = await import('./commands/train.ts');
      finish(await train(flags));
    });
}

function sampleCommand(finish: (code: number) => void): Command {
  return new Command('sample')
    .description('Write samples of a trained generator.')
    .argument('<run>', 'the folder of a run')
    .option('--count <n>', 'how many samples', wholeNumber('--count'), 64)
    .option('--seed <n>', 'the seed of the latents', wholeNumber('--seed', 0), 1)
    .option(
      '--out <path>',
      'a .png grid, a .npy array, a folder of .png files; .csv or .npy for points and tables; by default a new file in the run',
    )
    .option('--class <label>', 'the class to make, by number from 0 or by name; all in turn by default')
    .option(
      '--truncation <number>',
      'redraw latents beyond this many standard deviations',
      positiveNumber('--truncation'),
    )
    .option('--force', 'replace what is at --out')
    .option('--json', 'write what was made as JSON')
    .action(async (run: string, options: SampleOptions) => {
      const { sample } = await import('./commands/sample.ts');
      finish(await sample(run, options));
    });
}

function exportCommand(finish: (code: number) => void): Command {
  return new Command('export')
    .description('Write a trained generator as an ONNX file, or as a tf.LayersModel.')
    .argument('<run>', 'the folder of a run')
    .requiredOption('--out <path>', 'a .onnx file, or a folder for model.json and weights.bin')
    .option('--force', 'replace what is at --out')
    .option('--json', 'write what was made as JSON')
    .action(async (run: string, options: ExportOptions) => {
      const { exportGenerator } = await import('./commands/export.ts');
      finish(await exportGenerator(run, options));
    });
}

function infoCommand(finish: (code: number) => void): Command {
  return new Command('info')
    .description('Show which backend is used here, and check that it computes right.')
    .option('--backend <name>', 'check this backend instead of the fastest that works here')
    .option('--json', 'write the report as JSON')
    .action(async (options: InfoOptions) => {
      const { info } = await import('./commands/info.ts');
      finish(await info(options));
    });
}

function listCommand(): Command {
  return new Command('list')
    .description(
      'Show everything that a recipe or a command line can name: recipes, data, models, losses, penalties, ...',
    )
    .argument('[kind]', 'only this kind, with every option: recipes, losses, penalties, generators, ...')
    .option('--json', 'write everything that is known as JSON')
    .action(async (kind: string | undefined, { json }: { readonly json?: boolean }) => {
      const { describeParts, listParts } = await import('./commands/list.ts');
      if (json) writeJson(describeParts(kind));
      else process.stdout.write(listParts(kind));
    });
}

/** A command and those below it. */
function withAllBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap((below) => withAllBelow(below))];
}

/** What commander says, as one sentence. */
function usageMessage(message: string): string {
  const [first = '', suggestion] = message.split('\n').filter((line) => line.trim() !== '');
  const sentence = first.replace(/^error: /, '').replace(/\.$/, '');
  const advice = /Did you mean (.*)\?/.exec(suggestion ?? '')?.[1];
  const capital = sentence.charAt(0).toUpperCase() + sentence.slice(1);
  return `${capital}; ${advice === undefined ? "see 'gankit --help'." : `did you mean ${advice}?`}`;
}

/** The program with all of its commands. @param finish Is told the exit code of a command that has one. */
export function makeProgram(finish: (code: number) => void): Command {
  const program = new Command('gankit').description(description).version(commandVersion()).showSuggestionAfterError();
  const commands = [trainCommand, sampleCommand, exportCommand, infoCommand].map((make) => make(finish));
  for (const command of [...commands, listCommand()]) program.addCommand(command);
  addDataCommand(program);
  addInitCommand(program);
  addReportCommand(program);
  addServeCommand(program, finish);
  addExplainCommand(program);
  addInterpolateCommand(program);
  addSweepCommands(program, finish);
  addEvaluateCommand(program, finish);
  addProjectCommand(program);
  addCompletionCommand(program);
  addHelpTexts(program);
  for (const command of withAllBelow(program)) {
    if (command !== program) {
      command.option('--quiet', 'say nothing but errors').option('--debug', 'show where an error came from');
    }
    command
      .exitOverride()
      // Narrow columns of words are read more easily than lines that the terminal breaks.
      .configureHelp({ minWidthToWrap: 20 })
      .configureOutput({ outputError: () => {} })
      .allowExcessArguments(false);
  }
  program.hook('preAction', (_, command) => {
    if (command.opts()['quiet'] === true) beQuiet();
  });
  return program;
}

/**
 * Runs a command line.
 * @returns The exit code: 0, 1 for a failure, 2 for wrong usage, 130 or 143 when interrupted.
 */
export async function run(args: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.success;
  const program = makeProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.success;
      if (error.code === 'commander.help') return exitCodes.usage;
      return reportError(new GanKitError('invalid-argument', usageMessage(error.message)), false);
    }
    const { othersFirst } = await import('./ranks.ts');
    await othersFirst();
    return reportError(error, args.includes('--debug'));
  }
}
