"""One training step of an SNGAN with residual blocks, batch 64: the twin of ../programs/sngan-resnet.ts."""
import torch
from torch import nn
from torch.nn.utils import spectral_norm
import torch.nn.functional as F

from in_turn import serve

torch.manual_seed(0)
BATCH, LATENT, WIDTH, SIZE = 64, 128, 64, 32


def conv(inputs, outputs, kernel):
    return nn.Conv2d(inputs, outputs, kernel, 1, kernel // 2)


class Sum(nn.Module):
    def __init__(self, residual, shortcut):
        super().__init__()
        self.residual, self.shortcut = residual, shortcut

    def forward(self, x):
        return self.residual(x) + self.shortcut(x)


def up():
    return Sum(
        nn.Sequential(nn.BatchNorm2d(WIDTH), nn.ReLU(True), nn.Upsample(scale_factor=2), conv(WIDTH, WIDTH, 3),
                      nn.BatchNorm2d(WIDTH), nn.ReLU(True), conv(WIDTH, WIDTH, 3)),
        nn.Sequential(nn.Upsample(scale_factor=2), conv(WIDTH, WIDTH, 1)),
    )


def normalized(kernel, inputs=WIDTH):
    return spectral_norm(conv(inputs, WIDTH, kernel))


def flat():
    return Sum(nn.Sequential(nn.ReLU(), normalized(3), nn.ReLU(True), normalized(3)), nn.Identity())


generator = nn.Sequential(
    nn.Linear(LATENT, 4 * 4 * WIDTH), nn.Unflatten(1, (WIDTH, 4, 4)),
    up(), up(), up(), nn.BatchNorm2d(WIDTH), nn.ReLU(True), conv(WIDTH, 3, 3), nn.Tanh(),
)
discriminator = nn.Sequential(
    Sum(nn.Sequential(normalized(3, 3), nn.ReLU(True), normalized(3), nn.AvgPool2d(2)),
        nn.Sequential(nn.AvgPool2d(2), normalized(1, 3))),
    Sum(nn.Sequential(nn.ReLU(), normalized(3), nn.ReLU(True), normalized(3), nn.AvgPool2d(2)),
        nn.Sequential(normalized(1), nn.AvgPool2d(2))),
    flat(), flat(), nn.ReLU(True), nn.AdaptiveAvgPool2d(1), nn.Flatten(), spectral_norm(nn.Linear(WIDTH, 1)),
)
g_optimizer = torch.optim.Adam(generator.parameters(), 2e-4, betas=(0, 0.9))
d_optimizer = torch.optim.Adam(discriminator.parameters(), 2e-4, betas=(0, 0.9))
real = torch.rand(BATCH, 3, SIZE, SIZE) * 2 - 1
latents = torch.randn(BATCH, LATENT)


def step():
    with torch.no_grad():
        fake = generator(latents)
    d_optimizer.zero_grad(set_to_none=True)
    # The singular vectors move once in a step: in the call in training mode, which changes nothing else here.
    discriminator.train()
    on_real = F.relu(1 - discriminator(real)).mean()
    discriminator.eval()
    d_loss = on_real + F.relu(1 + discriminator(fake)).mean()
    d_loss.backward()
    d_optimizer.step()
    g_optimizer.zero_grad(set_to_none=True)
    for parameter in discriminator.parameters():
        parameter.requires_grad_(False)
    g_loss = -discriminator(generator(latents)).mean()
    g_loss.backward()
    for parameter in discriminator.parameters():
        parameter.requires_grad_(True)
    g_optimizer.step()
    return d_loss.item(), g_loss.item()


if __name__ == "__main__":
    serve(step)
