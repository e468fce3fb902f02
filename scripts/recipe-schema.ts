// Writes packages/recipes/recipe.schema.json from the schemas of every part: npx tsx scripts/recipe-schema.ts
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dataSets } from '@gankit/data/node';
import { recipeJsonSchema } from '@gankit/recipes';

const path = fileURLToPath(new URL('../packages/recipes/recipe.schema.json', import.meta.url));
writeFileSync(path, `${JSON.stringify(recipeJsonSchema(dataSets), undefined, 1)}\n`);
