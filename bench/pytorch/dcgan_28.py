"""One training step of a DCGAN on 28x28 images, batch 64: the twin of ../programs/dcgan-28.ts.
"""
import torch
from torch import nn
import torch.nn.functional as F

from in_turn import serve

torch.manual_seed(0)
BATCH, LATENT = 64, 100

generator = nn.Sequential(
    nn.Linear(LATENT, 7 * 7 * 128, bias=False), nn.BatchNorm1d(7 * 7 * 128), nn.ReLU(True),
    nn.Unflatten(1, (128, 7, 7)),
    nn.ConvTranspose2d(128, 128, 4, 2, 1, bias=False), nn.BatchNorm2d(128), nn.ReLU(True),
    nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(True),
    nn.Conv2d(64, 1, 3, 1, 1), nn.Tanh(),
)
discriminator = nn.Sequential(
    nn.Conv2d(1, 64, 4, 2, 1), nn.LeakyReLU(0.2, True),
    nn.Conv2d(64, 128, 4, 2, 1), nn.LeakyReLU(0.2, True),
    nn.Flatten(), nn.Linear(7 * 7 * 128, 1),
)
g_optimizer = torch.optim.Adam(generator.parameters(), 2e-4, betas=(0.5, 0.999))
d_optimizer = torch.optim.Adam(discriminator.parameters(), 2e-4, betas=(0.5, 0.999))
real = torch.rand(BATCH, 1, 28, 28) * 2 - 1
latents = torch.randn(BATCH, LATENT)


def step():
    with torch.no_grad():
        fake = generator(latents)
    d_optimizer.zero_grad(set_to_none=True)
    loss = F.softplus(-discriminator(real)).mean() + F.softplus(discriminator(fake)).mean()
    loss.backward()
    d_optimizer.step()
    g_optimizer.zero_grad(set_to_none=True)
    for parameter in discriminator.parameters():
        parameter.requires_grad_(False)
    F.softplus(-discriminator(generator(latents))).mean().backward()
    for parameter in discriminator.parameters():
        parameter.requires_grad_(True)
    g_optimizer.step()


serve(step)
