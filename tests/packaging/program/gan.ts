import { RandomStream } from '@gankit/core';
import { ringOfGaussians } from '@gankit/data';
import { adam } from '@gankit/engine';
import { nonSaturating as chosenLoss } from '@gankit/losses';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { Trainer } from '@gankit/trainer';

const random = new RandomStream(1);
const data = ringOfGaussians();
const trainer = new Trainer({
  generator: mlpGenerator({ outputShape: data.shape, hidden: [32, 32], random: random.fork('generator') }),
  discriminator: mlpDiscriminator({ inputShape: data.shape, hidden: [32, 32], random: random.fork('discriminator') }),
  generatorOptimizer: adam({ learningRate: 1e-3, beta1: 0.5 }),
  discriminatorOptimizer: adam({ learningRate: 1e-3, beta1: 0.5 }),
  loss: chosenLoss(),
  random: random.fork('training'),
});
for await (const event of trainer.run(data.batches({ batchSize: 64, random: random.fork('data') }), { steps: 30 })) {
  if (event.type === 'step')
    console.log(JSON.stringify([event.step, event.discriminator?.adversarialLoss, event.generator?.adversarialLoss]));
}
