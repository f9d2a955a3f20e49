"""Printed results and what statcheck says of them: its p, whether it is an error, whether the decision is.

usage: python recomputed.py, from the project's root; writes tests/oracle/recomputed.csv. Python 3.11, statcheck 0.0.7 (the port of
Epskamp & Nuijten's R package), pandas 2.2.3, scipy 1.17.1. statcheck takes the bounds of a negative statistic in the wrong order, so that
negative ones are left to the mirror image of the positive; and it cuts degrees of freedom to whole ones, so that none here is a fraction.
"""
import csv
import itertools
import pathlib

from statcheck.st import statcheck

P = ["= .05", "= .049", "= .051", "= .01", "= .20", "= .001", "< .05", "< .01", "< .001", "> .05", "= .036", "= .0361", "= .000", "< .10", "= .5", "= .050"]
TESTS = (
    [f"t({df}) = {t}" for df in ("28", "3", "1456", "61") for t in ("2.20", "1.96", "0.5", "2", "3.648", "12.1", "2.048")]
    + [f"F({a}, {b}) = {f}" for a, b in (("1", "28"), ("2", "57"), ("3", "1200")) for f in ("3.41", "4.84", "0.9", "11.02", "4")]
    + [f"r({df}) = {r}" for df in ("28", "98", "400") for r in (".37", ".20", ".5", ".1", ".098")]
    + [f"χ2({df}, N = 100) = {x}" for df in ("1", "2", "6") for x in ("4.5", "3.84", "5.99", "12.592", "0.2")]
    + [f"z = {z}" for z in ("1.96", "2.5", "1.64", "0.31", "3.3")]
    + [f"Q({df}) = {q}" for df in ("5", "12") for q in ("11.07", "21.0", "3.3")]
)

sentences = [f"As was found, {test}, p {p}, in all." for test, p in itertools.product(TESTS, P)]
table, _ = statcheck(sentences, messages=False, names=[str(i) for i in range(len(sentences))])
assert list(table["Source"]) == [str(i) for i in range(len(sentences))], "each sentence has one result"
out = [
    [test, p, repr(float(row.Computed_P_Value)), bool(row.Error), bool(row.Decision_Error)]
    for (test, p), row in zip(itertools.product(TESTS, P), table.itertuples())
]
path = pathlib.Path("tests/oracle/recomputed.csv")
with path.open("w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["test", "p", "computed", "error", "decision_error"])
    writer.writerows(out)
print(len(out), "results")
