"""Both tails of the noncentral t, F and chi-squared at 50 digits: tests/oracle/noncentral.csv.
pip install mpmath; python3 tests/oracle/noncentral.py > tests/oracle/noncentral.csv
Poisson mixtures for F and chi-squared; the integral over the scale for t."""
import mpmath as mp

mp.mp.dps = 50


def mixture(mean, tail):
    mean = mp.mpf(mean)
    end = int(mean + 30 * mp.sqrt(mean) + 200)
    total, weight = mp.mpf(0), mp.exp(-mean)
    for j in range(end):
        total += weight * tail(j)
        weight *= mean / (j + 1)
    return total


def chi2(x, k, lam):
    x, a = mp.mpf(x) / 2, mp.mpf(k) / 2
    sf = mixture(mp.mpf(lam) / 2, lambda j: mp.gammainc(a + j, x, mp.inf, regularized=True))
    cdf = mixture(mp.mpf(lam) / 2, lambda j: mp.gammainc(a + j, 0, x, regularized=True))
    return sf, cdf


def f(x, d1, d2, lam):
    x, a, b = mp.mpf(x), mp.mpf(d1) / 2, mp.mpf(d2) / 2
    up, down = d1 * x / (d1 * x + d2), d2 / (d1 * x + d2)
    sf = mixture(mp.mpf(lam) / 2, lambda j: mp.betainc(b, a + j, 0, down, regularized=True))
    cdf = mixture(mp.mpf(lam) / 2, lambda j: mp.betainc(a + j, b, 0, up, regularized=True))
    return sf, cdf


def t(x, v, delta):
    x, v, delta = mp.mpf(x), mp.mpf(v), mp.mpf(delta)
    constant = mp.log(2) + v / 2 * mp.log(v / 2) - mp.loggamma(v / 2)
    density = lambda s: mp.exp(constant + (v - 1) * mp.log(s) - v * s * s / 2)
    width = 1 / mp.sqrt(2 * v)
    points = [0] + [p for p in (1 + k * width for k in range(-24, 25, 4)) if p > 0] + [1 + 60 * width, mp.inf]
    sf = mp.quad(lambda s: density(s) * mp.erfc((x * s - delta) / mp.sqrt(2)) / 2 if s > 0 else mp.mpf(0), points)
    cdf = mp.quad(lambda s: density(s) * mp.erfc((delta - x * s) / mp.sqrt(2)) / 2 if s > 0 else mp.mpf(0), points)
    assert abs(sf + cdf - 1) < mp.mpf(10) ** -25, (x, v, delta, sf + cdf - 1)
    return sf, cdf


print(f"# mpmath {mp.__version__ if hasattr(mp, '__version__') else ''}")
print("name,x,df1,df2,ncp,sf,cdf")
show = lambda *cells: print(*(mp.nstr(c, 20) if isinstance(c, mp.mpf) else c for c in cells), sep=",")
for v in (1, 2, 5, 30, 845):
    for x in (-2, 0, 0.5, 2, 8):
        for delta in (-3, 0, 1.5, 6):
            show("t", x, v, "", delta, *t(x, v, delta))
for x, v, delta in ((40, 845, 38), (12, 20000, 10)):
    show("t", x, v, "", delta, *t(x, v, delta))
for d1 in (1, 3, 12):
    for d2 in (4, 60, 1456):
        for x in (0.05, 1, 4, 30):
            for lam in (0, 0.5, 12, 150):
                show("f", x, d1, d2, lam, *f(x, d1, d2, lam))
for k in (1, 4, 15):
    for x in (0.1, 3, 40, 300):
        for lam in (0, 0.5, 12, 400):
            show("chi2", x, k, "", lam, *chi2(x, k, lam))
