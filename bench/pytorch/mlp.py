"""One training step of a GAN on points of the plane: the twin of ../programs/mlp.ts."""
import torch
from torch import nn
import torch.nn.functional as F

from in_turn import serve

torch.manual_seed(0)


def player(outputs):
    return nn.Sequential(nn.Linear(2, 128), nn.ReLU(True), nn.Linear(128, 128), nn.ReLU(True), nn.Linear(128, outputs))


generator, discriminator = player(2), player(1)
g_optimizer = torch.optim.Adam(generator.parameters(), 1e-3, betas=(0.5, 0.999))
d_optimizer = torch.optim.Adam(discriminator.parameters(), 1e-3, betas=(0.5, 0.999))
real, latents = torch.randn(256, 2), torch.randn(256, 2)


def step():
    with torch.no_grad():
        fake = generator(latents)
    d_optimizer.zero_grad(set_to_none=True)
    (F.softplus(-discriminator(real)).mean() + F.softplus(discriminator(fake)).mean()).backward()
    d_optimizer.step()
    g_optimizer.zero_grad(set_to_none=True)
    for parameter in discriminator.parameters():
        parameter.requires_grad_(False)
    F.softplus(-discriminator(generator(latents))).mean().backward()
    for parameter in discriminator.parameters():
        parameter.requires_grad_(True)
    g_optimizer.step()


serve(step)
