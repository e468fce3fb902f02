"""The protocol between ../torch.ts and the scripts beside this one."""
import json
import sys
import time

import torch

torch.set_num_threads(2)
SIZE = 1024


def gigaflops():
    """The rate of a matrix product: it tells OpenBLAS from the slow reference BLAS that torch may find instead."""
    a, b = torch.randn(SIZE, SIZE), torch.randn(SIZE, SIZE)
    times = []
    for _ in range(4):
        start = time.perf_counter()
        a @ b
        times.append(time.perf_counter() - start)
    return 2 * SIZE ** 3 / min(times) / 1e9


def serve(step):
    """Says what torch is; answers each line "run N" on standard input with N step times in milliseconds, as JSON."""
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads(), "gigaflops": gigaflops()}), flush=True)
    for line in sys.stdin:
        times = []
        for _ in range(int(line.split()[1])):
            start = time.perf_counter()
            step()
            times.append(1000 * (time.perf_counter() - start))
        print(json.dumps(times), flush=True)
