"""What R 4.2 lacks or rounds of the tests that need no model, by scipy. Writes direct_scipy.csv.

usage: python tests/oracle/direct.py, from the project's root, after direct.R
"""

import csv
import math

import numpy
import scipy
from scipy import special, stats
from scipy.optimize import brentq

SIDES = {"two_sided": "two-sided", "greater": "greater", "less": "less"}
rows = []


def put(name, test, side, quantity, value):
    if math.isfinite(value):
        rows.append((name, test, side, quantity, repr(float(value))))


def odds_ratio(table):
    """The conditional estimate and its interval, by scipy's own noncentral hypergeometric and a tight root."""
    (a, b), (c, d) = table
    n, good, drawn = a + b + c + d, a + b, a + c

    def law(ln):
        return stats.nchypergeom_fisher(n, good, drawn, math.exp(ln))

    low, high = max(0, drawn - (c + d)), min(good, drawn)

    def root(f):
        return math.exp(brentq(f, -60, 60, xtol=1e-15, rtol=1e-14))

    found = {"estimate": 0.0 if a == low else math.nan}
    if low < a < high:
        found["estimate"] = root(lambda ln: law(ln).mean() - a)
    found["low"] = 0.0 if a == low else root(lambda ln: law(ln).sf(a - 1) - 0.025)
    found["high"] = math.nan if a == high else root(lambda ln: law(ln).cdf(a) - 0.025)
    return found


data = {}
with open("tests/oracle/direct_data.csv") as file:
    for row in csv.DictReader(file):
        data.setdefault(row["set"], []).append(row)
for name, table in data.items():
    column = {key: numpy.array([float(r[key]) for r in table]) for key in ["y", "z", "u", "w", "c"]}
    g = numpy.array([r["g"] for r in table])
    h = numpy.array([r["h"] for r in table])
    y, z, u = column["y"], column["z"], column["u"]
    first, second = y[g == "a"], y[g == "b"]
    small = len(first) * len(second) < 10_000
    counted = small and len(set(y)) == len(y)
    for side, word in SIDES.items():
        put(name, "one_t", side, "p", stats.ttest_1samp(y, 0.3, alternative=word).pvalue)
        put(name, "paired_t", side, "p", stats.ttest_rel(y, z, alternative=word).pvalue)
        put(name, "binomial", side, "p", stats.binomtest(int(u.sum()), len(u), 0.3, alternative=word).pvalue)
        if counted:
            ks = stats.ks_2samp(first, second, alternative=word, method="exact")
            put(name, "ks", side, "p", ks.pvalue)
            put(name, "ks", side, "statistic", ks.statistic)
        if not small:
            ks = stats.ks_2samp(first, second, alternative=word, method="asymp")
            size = len(first) * len(second) / len(y)
            limit = special.kolmogorov(math.sqrt(size) * ks.statistic)
            put(name, "ks", side, "p", limit if side == "two_sided" else math.exp(-2 * size * ks.statistic**2))
        pearson = stats.pearsonr(y, z, alternative=word)
        put(name, "pearson", side, "p", pearson.pvalue)
        put(name, "pearson", side, "estimate", pearson.statistic)
        spearman = stats.spearmanr(y, z, alternative=word)
        put(name, "spearman", side, "estimate", spearman.statistic)
        if len(y) > 9:
            put(name, "spearman", side, "p", spearman.pvalue)
        exact = len(y) < 50 and len(set(y)) == len(y) == len(set(z))
        kendall = stats.kendalltau(y, z, alternative=word, method="exact" if exact else "asymptotic")
        put(name, "kendall", side, "p", kendall.pvalue)
        put(name, "kendall", side, "estimate", kendall.statistic)
        u_test = stats.mannwhitneyu(first, second, use_continuity=False, alternative=word, method="asymptotic")
        put(name, "uncorrected", side, "p", u_test.pvalue)
        put(name, "uncorrected", side, "statistic", u_test.statistic)
    for quantity, value in odds_ratio([[int(((g == a) & (u == b)).sum()) for b in (1, 0)] for a in "ab"]).items():
        put(name, "fisher", "two_sided", quantity, value)
    groups = [y[h == level] for level in "pqr"]
    for centre in ["mean", "median"]:
        levene = stats.levene(*groups, center=centre)
        put(name, f"levene_{centre}", "two_sided", "p", levene.pvalue)
        put(name, f"levene_{centre}", "two_sided", "statistic", levene.statistic)
with open("tests/oracle/direct_scipy.csv", "w", newline="") as file:
    file.write(f"# scipy {scipy.__version__}, numpy {numpy.__version__}\n")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["set", "test", "side", "quantity", "value"])
    writer.writerows(rows)
