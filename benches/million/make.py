"""Writes a survey of a million responses in 40 columns, of which the registration uses ten.

usage: python make.py FILE [ROWS]        # numpy 2.5, polars 2.1, from PyPI
"""

import sys

import numpy as np
import polars as pl

rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
draw = np.random.Generator(np.random.PCG64(20261124))
START = np.datetime64("2024-11-04T08:00:00")


def levels(names, shares=None):
    return np.array(names)[draw.choice(len(names), rows, p=shares)]


def moments():
    times = START + draw.integers(0, 14 * 86_400, rows).astype("timedelta64[s]")
    return np.char.replace(np.datetime_as_string(times), "T", " ")


def decimals(places, low, high):
    return np.char.mod(f"%.{places}f", draw.uniform(low, high, rows))


def some(values, share=0.02):
    """The values, a few of them missing."""
    return np.where(draw.random(rows) < share, "", values.astype(str))


arm = levels(["control", "information", "incentive", "both"])
regime = levels(["Not a democracy", "Democracy"])
age = draw.integers(18, 95, rows)
effect = 0.3 * (arm == "information") + 0.5 * (arm == "incentive") + 0.9 * (arm == "both")
latent = 4 + effect - 0.25 * (regime == "Democracy") + 0.01 * (age - 50) + draw.normal(0, 1.4, rows)
remarks = levels(
    ["", "fine", "nothing to add", "too long, and dull", 'they said "yes"', "two\nlines", "schön, größer"],
    [0.7, 0.1, 0.1, 0.04, 0.03, 0.02, 0.01],
)

used = {
    "respondent": np.char.add("R_", np.char.zfill(draw.permutation(rows).astype(str), 8)),
    "started": moments(),
    "finished": levels(["1", "0"], [0.95, 0.05]),
    "attention": levels(["passed", "failed"], [0.93, 0.07]),
    "duration": draw.integers(25, 3_000, rows),
    "arm": arm,
    "regime": regime,
    "age": some(age),
    "approval": some(np.clip(np.rint(latent), 1, 7).astype(int)),
    "support": some(np.char.mod("%.2f", np.clip(20 + 10 * latent + draw.normal(0, 15, rows), 0, 100))),
}
unused = {f"item_{i}": some(draw.integers(1, 8, rows)) for i in range(1, 11)}
unused |= {f"page_{i}": decimals(3, 0, 240) for i in range(1, 7)}
unused |= {
    f"choice_{i}": levels(["Strongly agree", "Somewhat agree", "Neither", "Somewhat disagree", "Strongly disagree"])
    for i in range(1, 7)
}
unused |= {"ended": moments(), "recorded": moments(), "remark": remarks, "country": levels(["DE", "US", "BR", "IN"])}
unused |= {"wave": draw.integers(1, 4, rows), "batch": draw.integers(0, 10**9, rows)}
unused |= {"latitude": decimals(6, -60, 70), "longitude": decimals(6, -180, 180)}

columns = {**unused, **used}
order = list(columns)
draw.shuffle(order)
assert len(order) == 40
pl.DataFrame({name: columns[name] for name in order}).write_csv(sys.argv[1])
