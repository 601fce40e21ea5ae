"""KS, PSI and Wasserstein of the two samples in a file, by scipy and numpy; one line per line read: milliseconds and the three figures."""
import sys
import time

import numpy as np
from scipy import stats

data = np.fromfile(sys.argv[1], "<f8")
x, y = data[: len(data) // 2], data[len(data) // 2:]


def psi(x, y):
    edges = np.unique(np.quantile(x, np.arange(1, 10) / 10))
    p, q = (np.histogram(v, np.concatenate([[-np.inf], edges, [np.inf]]))[0] / len(v) for v in (x, y))
    p, q = np.where(p == 0, 1e-4, p), np.where(q == 0, 1e-4, q)
    return np.sum((q - p) * np.log(q / p))


for _ in sys.stdin:
    start = time.perf_counter()
    ks = stats.ks_2samp(x, y)
    figures = [ks.statistic, ks.pvalue, psi(x, y), stats.wasserstein_distance(x, y)]
    elapsed = 1000 * (time.perf_counter() - start)
    print(*map(repr, map(float, [elapsed, *figures])), flush=True)
