"""One training step of a WGAN-GP on 28x28 images, batch 64: the twin of ../programs/wgan-gp.ts."""
import torch
from torch import nn

from in_turn import serve

torch.manual_seed(0)
BATCH, LATENT, PENALTY_WEIGHT = 64, 100, 10

generator = nn.Sequential(
    nn.Linear(LATENT, 7 * 7 * 128, bias=False), nn.BatchNorm1d(7 * 7 * 128), nn.ReLU(True),
    nn.Unflatten(1, (128, 7, 7)),
    nn.ConvTranspose2d(128, 128, 4, 2, 1, bias=False), nn.BatchNorm2d(128), nn.ReLU(True),
    nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(True),
    nn.Conv2d(64, 1, 3, 1, 1), nn.Tanh(),
)
critic = nn.Sequential(
    nn.Conv2d(1, 64, 4, 2, 1), nn.LeakyReLU(0.2, True),
    nn.Conv2d(64, 128, 4, 2, 1), nn.LeakyReLU(0.2, True),
    nn.Flatten(), nn.Linear(7 * 7 * 128, 1),
)
g_optimizer = torch.optim.Adam(generator.parameters(), 1e-4, betas=(0, 0.9))
c_optimizer = torch.optim.Adam(critic.parameters(), 1e-4, betas=(0, 0.9))
real = torch.rand(BATCH, 1, 28, 28) * 2 - 1
latents = torch.randn(BATCH, LATENT)
mix = torch.rand(BATCH, 1, 1, 1)


def penalty(fake):
    between = (real + mix * (fake - real)).requires_grad_(True)
    (gradient,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    return PENALTY_WEIGHT * (gradient.square().sum((1, 2, 3)).sqrt() - 1).square().mean()


def step():
    with torch.no_grad():
        fake = generator(latents)
    c_optimizer.zero_grad(set_to_none=True)
    c_loss = critic(fake).mean() - critic(real).mean() + penalty(fake)
    c_loss.backward()
    c_optimizer.step()
    g_optimizer.zero_grad(set_to_none=True)
    for parameter in critic.parameters():
        parameter.requires_grad_(False)
    g_loss = -critic(generator(latents)).mean()
    g_loss.backward()
    for parameter in critic.parameters():
        parameter.requires_grad_(True)
    g_optimizer.step()
    return c_loss.item(), g_loss.item()


if __name__ == "__main__":
    serve(step)
