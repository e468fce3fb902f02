"""The metrics of ../metrics.ts in numpy and scipy: seconds by name, the lowest of three, as JSON."""
import json
import sys
import time

import numpy as np
import scipy.linalg

samples = int(sys.argv[1])
random = np.random.default_rng(1)
wide, wider = (random.standard_normal((samples, 512)).astype(np.float32) for _ in range(2))
narrow, other = (random.standard_normal((samples, 64)).astype(np.float32) for _ in range(2))
BLOCK = 1000


def frechet():
    a, b = np.cov(wide, rowvar=False), np.cov(wider, rowvar=False)
    means = ((wide.mean(0) - wider.mean(0)) ** 2).sum()
    return means + np.trace(a + b - 2 * scipy.linalg.sqrtm(a @ b).real)


def squared(x, y):
    return (x * x).sum(1)[:, None] + (y * y).sum(1)[None] - 2 * (x @ y.T)


def neighbours():
    for start in range(0, samples, BLOCK):
        np.argpartition(squared(other[start : start + BLOCK].astype(np.float64), narrow.astype(np.float64)), 5, axis=1)


def prdc():
    def radii(x):
        return np.concatenate([np.partition(squared(x[i : i + BLOCK], x), 5, axis=1)[:, 5] for i in range(0, samples, BLOCK)])

    x, y = narrow.astype(np.float64), other.astype(np.float64)
    real, fake = radii(x), radii(y)
    for start in range(0, samples, BLOCK):
        d = squared(x[start : start + BLOCK], y)
        (d < real[start : start + BLOCK, None]).any(0), (d < fake[None]).any(1)


def kernel():
    k = lambda x, y: (x @ y.T / 64 + 1) ** 3
    x, y = narrow.astype(np.float64), other.astype(np.float64)
    for start in range(0, samples, BLOCK):
        a, b = x[start : start + BLOCK], y[start : start + BLOCK]
        k(a, a).sum() + k(b, b).sum() - 2 * k(a, b).mean()


def seconds(step):
    times = []
    for _ in range(3):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return min(times)


print(json.dumps({
    "Fréchet distance, 512 features": seconds(frechet),
    "5 neighbours, 64 features": seconds(neighbours),
    "precision, recall, density, coverage, 64 features": seconds(prdc),
    "kernel distance in 10 blocks, 64 features": seconds(kernel),
}))
