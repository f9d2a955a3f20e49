"""Runs the generators of tests/oracle again and compares what they write with what is committed.

usage: python tests/peers/numbers/regenerate.py SURVEY.csv, from the project's root. The tree is left as it was.
"""
import csv
import pathlib
import subprocess
import sys

survey = sys.argv[1]
folder = pathlib.Path("tests/oracle")
# The draws of resampling.R are the slow ones; they come from R's own generator, seeded, and so are the same.
generators = {
    "formulas": ["formulas.csv"],
    "randomization": ["randomization.csv", "randomization_data.csv"],
    "experiments": ["experiments.csv", "experiments_data.csv"],
    "conjoint": ["conjoint.csv", "conjoint_data.csv", "conjoint_redrawn.csv"],
    "resampling": ["resampling.csv"],
    "slopes": ["slopes.csv"],
    "nested": ["nested.csv"],
    "splines": ["splines.csv"],
    "kirkland_coppock": ["kirkland_coppock.csv"],
    "contingencies": ["contingencies.csv"],
    "direct": ["direct.csv", "direct_data.csv"],
    "direct.py": ["direct_scipy.csv"],
    "mixed": ["mixed.csv", "mixed_registered.csv"]
    + [f"mixed_{data}.csv" for data in ("sleepstudy", "penicillin", "insteval", "flat", "line", "origin", "three")],
    "effect_sizes": ["effect_sizes.csv"],
    "bayes_factors": ["bayes_factors.csv"],
    "refits": ["refits.csv"],
    "balance": ["balance.csv", "balance_data.csv"],
    "exclusions": ["exclusions_data.csv", "exclusions.csv"],
    "attrition": ["attrition.csv"],
    "imputation": [f"imputation{part}.csv" for part in ("", "_data", "_draws", "_pooled")],
    "raking": ["raking.csv", "raking_data.csv", "raking_weights.csv"],
    "reliability": ["reliability.csv", "reliability_bfi.csv", "reliability_attitude.csv"],
}
# What R differentiates numerically is good to these digits; the others are the same.
TOLERANCE = {"reliability.csv": 1e-6, "mixed.csv": 1e-6, "mixed_registered.csv": 1e-6}


def rows(text):
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.reader(lines))


def same(a, b, tolerance):
    try:
        x, y = float(a), float(b)
    except ValueError:
        return a.strip() == b.strip()
    # Infinite degrees of freedom have no difference.
    return x == y or abs(x - y) <= tolerance * max(1e-12, abs(x))


faults, compared = [], 0
for name, outputs in generators.items():
    before = {output: (folder / output).read_text() for output in outputs}
    command = [sys.executable, str(folder / name)] if name.endswith(".py") else ["Rscript", str(folder / f"{name}.R")]
    subprocess.run([*command, survey], check=True)
    for output, text in before.items():
        after = (folder / output).read_text()
        (folder / output).write_text(text)
        old, new = rows(text), rows(after)
        if len(old) != len(new):
            faults.append(f"{output}: {len(old)} rows, now {len(new)}")
            continue
        tolerance = TOLERANCE.get(output, 1e-9)
        for line, (a, b) in enumerate(zip(old, new), 1):
            compared += len(a)
            if len(a) != len(b) or not all(same(x, y, tolerance) for x, y in zip(a, b)):
                faults.append(f"{output}:{line}: {a} is now {b}")
if faults or compared < 300:
    sys.exit("\n".join(faults + [f"{compared} cells compared"]))
print(compared, "cells of the references are what R gives today")
