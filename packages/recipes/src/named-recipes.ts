// Published settings and the project's own, by name. Each is a file in `recipes/`, which is what is published.

import acgan from '../recipes/acgan.json' with { type: 'json' };
import began from '../recipes/began.json' with { type: 'json' };
import cgan from '../recipes/cgan.json' with { type: 'json' };
import contragan from '../recipes/contragan.json' with { type: 'json' };
import dcgan from '../recipes/dcgan.json' with { type: 'json' };
import digits from '../recipes/digits.json' with { type: 'json' };
import digitsUnconditional from '../recipes/digits-unconditional.json' with { type: 'json' };
import ebgan from '../recipes/ebgan.json' with { type: 'json' };
import grid from '../recipes/grid.json' with { type: 'json' };
import gridR3gan from '../recipes/grid-r3gan.json' with { type: 'json' };
import infogan from '../recipes/infogan.json' with { type: 'json' };
import lsgan from '../recipes/lsgan.json' with { type: 'json' };
import pix2pix from '../recipes/pix2pix.json' with { type: 'json' };
import progressive from '../recipes/progressive.json' with { type: 'json' };
import r3gan from '../recipes/r3gan.json' with { type: 'json' };
import ring from '../recipes/ring.json' with { type: 'json' };
import ringR3gan from '../recipes/ring-r3gan.json' with { type: 'json' };
import sagan from '../recipes/sagan.json' with { type: 'json' };
import smallData from '../recipes/small-data.json' with { type: 'json' };
import sngan from '../recipes/sngan.json' with { type: 'json' };
import wgan from '../recipes/wgan.json' with { type: 'json' };
import wganGp from '../recipes/wgan-gp.json' with { type: 'json' };
import type { Recipe } from './recipe.ts';

/** Every named recipe as it is written, in the order in which apps list them. */
export const namedRecipes: Readonly<Record<string, Recipe>> = {
  digits,
  'digits-unconditional': digitsUnconditional,
  ring,
  grid,
  'ring-r3gan': ringR3gan,
  'grid-r3gan': gridR3gan,
  dcgan,
  lsgan,
  wgan,
  'wgan-gp': wganGp,
  sngan,
  sagan,
  r3gan,
  progressive,
  cgan,
  acgan,
  contragan,
  infogan,
  pix2pix,
  began,
  ebgan,
  'small-data': smallData,
} as Readonly<Record<string, unknown>> as Readonly<Record<string, Recipe>>;
