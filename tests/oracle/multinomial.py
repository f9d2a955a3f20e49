"""Multinomial logit by statsmodels on the data of multinomial.csv: python3 tests/oracle/multinomial.py > tests/oracle/multinomial_statsmodels.csv"""
import csv, pathlib, sys
import numpy as np
import scipy
import statsmodels
from statsmodels.discrete.discrete_model import MNLogit

rows = [r for r in open(pathlib.Path(__file__).with_name("multinomial.csv")) if not r.startswith("#")]
cells = {}
for r in csv.DictReader(rows):
    cells.setdefault((r["case"], r["quantity"]), {})[int(r["i"]), int(r["j"])] = float(r["value"])


def matrix(quantity):
    values = cells["birthwt", quantity]
    m = np.empty((max(i for i, _ in values), max(j for _, j in values)))
    for (i, j), v in values.items():
        m[i - 1, j - 1] = v
    return m


x, y = matrix("x"), matrix("y")[:, 0].astype(int)
clusters = x[:, 1].astype(int)  # age
print(f"# Python {sys.version.split()[0]}, statsmodels {statsmodels.__version__}, scipy {scipy.__version__}, numpy {np.__version__}")
print("case,quantity,i,j,value")
fits = {
    "classical": MNLogit(y, x).fit(method="newton", tol=1e-14, maxiter=100, disp=0),
    "HC0": MNLogit(y, x).fit(method="newton", tol=1e-14, maxiter=100, disp=0, cov_type="HC0"),
    "CR0": MNLogit(y, x).fit(method="newton", tol=1e-14, maxiter=100, disp=0, cov_type="cluster",
                             cov_kwds={"groups": clusters, "use_correction": False}),
    # G/(G - 1) (n - 1)/(n - p)
    "CR1S": MNLogit(y, x).fit(method="newton", tol=1e-14, maxiter=100, disp=0, cov_type="cluster",
                              cov_kwds={"groups": clusters, "use_correction": True}),
}
for name, fit in fits.items():
    for i, row in enumerate(np.asarray(fit.params).T):
        for j, v in enumerate(row):
            print(name, "coef", i + 1, j + 1, repr(float(v)), sep=",")
    for i, row in enumerate(np.asarray(fit.cov_params())):
        for j, v in enumerate(row):
            print(name, "vcov", i + 1, j + 1, repr(float(v)), sep=",")
print("classical", "loglik", 1, 1, repr(float(fits["classical"].llf)), sep=",")
