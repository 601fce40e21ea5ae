"""Reads pairs of samples and prints what scipy says of each, one JSON object per line.

What is NaN there (the asymptotic p-value of one number against one) is left out.

The file: for each pair two little-endian int32 counts, then the doubles of the baseline and of the candidate.
Bins are the baseline's deciles (numpy.quantile), the outer ones open; an edge that a tenth of the baseline or more is equal to is a bin of
its own. A share of 0 counts as 1e-4.
"""
import json
import sys
import warnings

import numpy as np
from scipy import stats
from scipy.spatial.distance import jensenshannon

warnings.simplefilter("ignore")
EPSILON = 1e-4


def shares(counts):
    p = counts / counts.sum()
    return np.where(p == 0, EPSILON, p)


def deciles(x):
    edges, values = np.unique(np.quantile(x, np.arange(1, 10) / 10)), np.sort(x)
    equal = np.searchsorted(values, edges, side="right") - np.searchsorted(values, edges)
    tied = edges[(equal > 1) & (10 * equal >= len(x))]
    return np.unique(np.concatenate([edges, np.nextafter(tied, np.inf)]))


def judge(x, y):
    edges = deciles(x)
    b = np.bincount(np.searchsorted(edges, x, side="right"), minlength=len(edges) + 1).astype(float)
    c = np.bincount(np.searchsorted(edges, y, side="right"), minlength=len(edges) + 1).astype(float)
    p, q = shares(b), shares(c)
    ks, mw = stats.ks_2samp(x, y), stats.mannwhitneyu(x, y, alternative="two-sided")
    table = np.array([b, c])[:, b + c > 0]
    chi2 = stats.chi2_contingency(table)
    return {
        "ks": ks.statistic, "ksP": ks.pvalue, "ksAsymptoticP": stats.ks_2samp(x, y, method="asymp").pvalue,
        "psi": float(np.sum((q - p) * np.log(q / p))),
        "kl": stats.entropy(c, p), "klBits": stats.entropy(c, p, base=2), "js": jensenshannon(b, c), "jsBits": jensenshannon(b, c, base=2),
        "wasserstein": stats.wasserstein_distance(x, y),
        "chi2": chi2[0], "chi2P": chi2[1],
        "mannWhitney": mw.statistic, "mannWhitneyP": mw.pvalue,
    }


with open(sys.argv[1], "rb") as file:
    while head := file.read(8):
        n, m = np.frombuffer(head, "<i4")
        x, y = np.frombuffer(file.read(8 * n), "<f8"), np.frombuffer(file.read(8 * m), "<f8")
        print(json.dumps({name: float(value) for name, value in judge(x, y).items() if not np.isnan(value)}))
