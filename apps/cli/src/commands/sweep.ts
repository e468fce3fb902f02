// `gankit sweep`, `gankit trial` and `gankit compare`: many runs from one file. What they do is imported when they are called.
import { Command, Option } from 'commander';
import { positiveNumber, several, wholeNumber } from '../parse.ts';
import type { CompareFlags } from '../sweeps/compare.ts';
import type { ScriptFlags } from '../sweeps/script.ts';
import type { NewFlags, ReportFlags, RunFlags, StatusFlags } from '../sweeps/sweep.ts';
import type { SweepFlags } from '../sweeps/sweep-from-flags.ts';
import type { TrialFlags } from '../sweeps/trial.ts';
import type { WorkerFlags } from '../sweeps/worker.ts';

type Finish = (code: number) => void;

/** What every trial has in common, and what varies: lists of values, separated by commas. */
function addRecipeFlags(command: Command): Command {
  return command
    .option('--recipe <name|file>', "a named recipe (see 'gankit list recipes'), or a .json, .yaml or .ts file")
    .option('--set <path=value>', 'a value anywhere in the recipe of every trial', several)
    .option('--data <name|folder>', "a data set (see 'gankit list data'), or a folder of pictures")
    .option('--data-folder <path>', 'folder of the files, for mnist, idx and pictures')
    .option('--model <names>', 'architectures of both players')
    .option('--loss <names>', 'losses by name, each with options after a colon and penalties after a plus')
    .option('--penalty <name[:option=value,...]>', 'a penalty of every trial; may be given several times', several)
    .option('--conditional <name>', 'tell both players the class: projection, concatenation, auxiliary or contrastive')
    .option('--learning-rate <numbers>', 'learning rates of both players')
    .option('--batch-size <numbers>', 'real samples in each update')
    .option('--width <numbers>', 'channels of the widest map (mlp: units of both hidden layers)')
    .option('--latent-size <numbers>', 'lengths of the latent vector')
    .option('--discriminator-steps <numbers>', 'discriminator updates for each of the generator')
    .option(
      '--average <samples>',
      "judge an exponential moving average (EMA) of the generator's weights, with this half-life in samples",
      positiveNumber('--average'),
    )
    .option('--steps <n>', 'training steps of every trial', wholeNumber('--steps'))
    .option(
      '--vary <path=values>',
      'values for any place in the recipe, such as penalties[0].gamma=0.1,1,10; or a range for --random: 0.01..10, 0.01..10:log',
      several,
    )
    .option('--seeds <seeds>', 'how many seeds each has (3), or which (1..5; 2,7,11); 1 by default')
    .option(
      '--metric <name[:option=value,...]>',
      "what is measured of each at its end: see 'gankit list metrics'; may be given several times",
      several,
    )
    .option(
      '--goal <metric[:lower|:higher]>',
      'the number that ranks them, such as fid.distance:lower; what the first metric is known for by default',
    )
    .option('--backend <name>', 'the backend of every trial; by default the fastest that works where it runs')
    .option('--threads <n>', 'threads of each trial; 1 by default', wholeNumber('--threads'));
}

function addRunFlags(command: Command): Command {
  return command
    .option(
      '--processes <n>',
      'trials at a time; by default as many as the processors bear',
      wholeNumber('--processes'),
    )
    .option(
      '--retries <n>',
      'how often a trial is begun again that was killed, or found no file; 3 by default',
      wholeNumber('--retries', 0),
    )
    .option('--retry-failed', 'begin trials anew that failed before')
    .option('--json', 'write the report as JSON')
    .option('--markdown', 'write the report as Markdown');
}

function sweepCommand(finish: Finish): Command {
  const sweep = new Command('sweep').summary('Many runs from one file: losses x settings x seeds.').description(
    `Many runs from one file: what varies about a recipe, with which seeds.

  gankit sweep new losses.json --data grid --loss minimax,non-saturating,hinge --learning-rate 5e-4,1e-3 --seeds 3
  gankit sweep run losses.json
  gankit sweep report losses.json`,
  );
  sweep.addCommand(
    addRecipeFlags(new Command('new'))
      .description('Write a sweep, with every trial of it checked. Flags that take several values vary.')
      .argument('<file>', 'the .json file of the sweep, which must not exist')
      .option('--random <n>', 'so many random configurations instead of every combination', wholeNumber('--random'))
      .option(
        '--search-seed <n>',
        'what random configurations are drawn with; 1 by default',
        wholeNumber('--search-seed', 0),
      )
      .option(
        '--halving <first[:factor]>',
        'successive halving: steps for all; the best 1 of FACTOR (3) goes on with so many times more',
      )
      .action(async (file: string, flags: NewFlags) => {
        const { newSweep } = await import('../sweeps/sweep.ts');
        finish(await newSweep(file, flags));
      }),
  );
  sweep.addCommand(
    addRunFlags(new Command('run'))
      .description('Do what is left to do of a sweep, in processes of this machine or through a queue, and report it.')
      .argument('<file>', 'the .json file of the sweep')
      .option('--queue <address>', 'hand the trials to workers through Redis, such as redis://127.0.0.1:6379')
      .option('--trust-network', 'talk to a Redis on another machine without a password or TLS')
      .action(async (file: string, flags: RunFlags) => {
        const { runSweepFile } = await import('../sweeps/sweep.ts');
        finish(await runSweepFile(file, flags));
      }),
  );
  sweep.addCommand(
    new Command('worker')
      .description(
        `Work on the sweeps of a folder that come through a queue, until it is stopped.

The address may also stand in GANKIT_QUEUE, where nobody sees its password.`,
      )
      .option('--queue <address>', 'where Redis is, such as redis://127.0.0.1:6379')
      .option('--folder <path>', 'the folder in which the sweeps lie; it works on no others', '.')
      .option('--processes <n>', 'trials at a time; by default one for each processor', wholeNumber('--processes'))
      .option(
        '--patience <seconds>',
        'seconds without a sign of life after which trials are given to other workers; 30 by default, the same for all',
        wholeNumber('--patience', 2),
      )
      .option('--trust-network', 'talk to a Redis on another machine without a password or TLS')
      .action(async (flags: WorkerFlags) => {
        const { work } = await import('../sweeps/worker.ts');
        finish(await work(flags));
      }),
  );
  sweep.addCommand(
    new Command('status')
      .description('Show how every run of a sweep stands.')
      .argument('<file>', 'the .json file of the sweep')
      .option('--json', 'write it as JSON')
      .action(async (file: string, flags: StatusFlags) => {
        const { showStatus } = await import('../sweeps/sweep.ts');
        finish(await showStatus(file, flags));
      }),
  );
  sweep.addCommand(
    new Command('report')
      .description('Show one table of a sweep, with mean and spread over the seeds, whatever part of it is over.')
      .argument('<file>', 'the .json file of the sweep')
      .option('--json', 'write it as JSON')
      .option('--markdown', 'write it as Markdown')
      .action(async (file: string, flags: ReportFlags) => {
        const { showReport } = await import('../sweeps/sweep.ts');
        finish(await showReport(file, flags));
      }),
  );
  sweep.addCommand(
    new Command('script')
      .description(
        `Write what an engine needs to run a sweep, on stdout.

  gankit sweep script losses.json --engine slurm | sbatch
  gankit sweep script losses.json --engine kubernetes --image gankit --claim sweeps | kubectl apply -f -`,
      )
      .argument('<file>', 'the .json file of the sweep')
      .addOption(new Option('--engine <name>', 'for whom it is').choices(['slurm', 'kubernetes']).makeOptionMandatory())
      .option('--rung <n>', 'the rung of a sweep that halves, from 1; the first by default', wholeNumber('--rung'))
      .option(
        '--tasks <n>',
        'tasks at most, several trials in each where there are more; 1000 by default',
        wholeNumber('--tasks'),
      )
      .option('--parallel <n>', 'tasks at a time; by default as many as there is room for', wholeNumber('--parallel'))
      .option('--retries <n>', 'how often a task is begun again; 10 by default', wholeNumber('--retries', 0))
      .option('--memory <MiB>', 'memory of each task; 2000 by default', wholeNumber('--memory'))
      .option('--command <words>', 'what starts gankit there; gankit by default')
      .option('--time <limit>', 'slurm: the time limit of a task, after which it is queued again')
      .option('--partition <name>', 'slurm: the partition')
      .option('--image <name>', 'kubernetes: the image, in which the command is')
      .option('--claim <name>', 'kubernetes: the claim of the volume with the sweep, which many may write')
      .option('--mount <path>', 'kubernetes: where the volume is mounted; /sweep by default')
      .action(async (file: string, flags: ScriptFlags) => {
        const { writeScript } = await import('../sweeps/script.ts');
        finish(await writeScript(file, flags));
      }),
  );
  return sweep;
}

function trialCommand(finish: Finish): Command {
  return new Command('trial')
    .summary('Do what is left to do of one trial of a sweep.')
    .description(
      `Do what is left to do of one trial of a sweep: nothing, the rest, or all of it. For engines that count.

Exit codes: 0 it is done; 1 it failed, and trying again does not help; 75 try again; 130 and 143 it was stopped, and saved.
Without --index the number comes from SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, HQ_TASK_ID or PARALLEL_SEQ.`,
    )
    .argument('<file>', 'the .json file of the sweep')
    .option('--index <n>', 'the number of the trial, from 0', wholeNumber('--index', 0))
    .option('--rung <n>', 'count within this rung of a sweep that halves, from 1', wholeNumber('--rung'))
    .option('--of <n>', 'do every trial whose number leaves --index when divided by this', wholeNumber('--of'))
    .option('--backend <name>', 'another backend than the sweep says')
    .option('--retry-failed', 'begin it anew if it failed before')
    .option('--json', 'write what became of it as JSON')
    .action(async (file: string, flags: TrialFlags) => {
      const { trial } = await import('../sweeps/trial.ts');
      finish(await trial(file, flags));
    });
}

function compareCommand(finish: Finish): Command {
  return addRunFlags(addRecipeFlags(new Command('compare')))
    .summary('Compare losses, models or settings over several seeds in one table; or two runs.')
    .description(
      `Compare losses, models or settings over several seeds, in parallel, in one table; or two runs that are there.

  gankit compare --data grid --loss minimax,non-saturating,wasserstein --seeds 3
  gankit compare runs/ring runs/ring-2`,
    )
    .argument('[runs...]', 'two run folders')
    .option('--out <file>', 'the .json file of the sweep; by default a new one in runs/')
    .action(async (runs: readonly string[], flags: CompareFlags & SweepFlags) => {
      const { compare } = await import('../sweeps/compare.ts');
      finish(await compare(runs, flags));
    });
}

/** Adds the commands to the program. @param finish Told the exit code of the one that is called. */
export function addSweepCommands(program: Command, finish: Finish): void {
  for (const command of [sweepCommand, trialCommand, compareCommand]) program.addCommand(command(finish));
}
