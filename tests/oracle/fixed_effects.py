"""Absorbed fixed effects by pyfixest, whose defaults are those of R's fixest.

usage: python tests/oracle/fixed_effects.py ../shared/oracles/data_1502.csv, from the project's root
"""
import sys

import numpy as np
import pandas as pd
import pyfixest as pf

data = pd.read_csv(sys.argv[1])
arms = ["status_quo", "denounce", "sanctions", "reduce_aid", "terminate"]
for arm in arms[1:]:
    data[arm] = (data["us_response"] == arm).astype(float)
terms = " + ".join(arms[1:]) + " + age"
lines = []
for model, effects in {"state": "state", "two": "state + party"}.items():
    for vcov, ours in {"iid": "classical", "hetero": "HC1", "state": "CR1S", "party": "CR1S.party"}.items():
        kind = vcov if vcov in ("iid", "hetero") else {"CRV1": vcov}
        for weights in ("", "weight"):
            fit = pf.feols(
                f"approval ~ {terms} | {effects}", data, vcov=kind, weights=weights or None, fixef_tol=1e-14
            )
            name = f"{model}.{ours}" + (".weighted" if weights else "")
            for term, estimate in fit.coef().items():
                own = f"us_response[{term}]" if term in arms else term
                lines.append(f"{name},{own},{float(estimate)!r},{float(fit.se()[term])!r}")
with open("tests/oracle/fixed_effects.csv", "w") as out:
    out.write(f"# pyfixest {pf.__version__}, numpy {np.__version__}\n")
    out.write("model,term,estimate,std_error\n" + "\n".join(lines) + "\n")
