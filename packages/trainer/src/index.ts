export { currentGenerator } from './current-generator.ts';
export { type DiscriminatorUpdateOptions, updateDiscriminator } from './discriminator-update.ts';
export { type FixedScheduleOptions, fixedSchedule } from './fixed-schedule.ts';
export { updateGenerator } from './generator-update.ts';
export { drawLatent } from './latent.ts';
export type { Measurements } from './objective.ts';
export { type RunOptions, Trainer, type TrainerOptions } from './trainer.ts';
export type { UpdateOptions } from './update-options.ts';
