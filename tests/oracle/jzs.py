"""JZS Bayes factors of a t at 40 digits: tests/oracle/jzs.csv.
pip install mpmath; python3 tests/oracle/jzs.py > tests/oracle/jzs.csv
The two-sided one as an integral over g; on one side over delta, the likelihood ratio of the noncentral t in closed form
by Kummer's function."""
import mpmath as mp

mp.mp.dps = 40


def ratio(t, v, delta):
    """f(t; delta) / f(t; 0)."""
    z = delta**2 * t**2 / (2 * (t**2 + v))
    odd = mp.sqrt(2) * t * delta / mp.sqrt(t**2 + v) * mp.gamma(v / 2 + 1) / mp.gamma((v + 1) / 2)
    return mp.exp(-(delta**2) / 2) * (mp.hyp1f1((v + 1) / 2, mp.mpf(1) / 2, z) + odd * mp.hyp1f1(v / 2 + 1, mp.mpf(3) / 2, z))


def two_sided(t, v, n, r):
    def f(w):
        g = mp.exp(w)
        s = 1 + n * r * r * g
        return s ** (-mp.mpf(1) / 2) * ((1 + t * t / v) / (1 + t * t / (v * s))) ** ((v + 1) / 2) / mp.sqrt(2 * mp.pi) * mp.exp(-w / 2 - 1 / (2 * g))

    return mp.quad(f, [-6, -4, -2, 0, 2, 4, 6, 8, 12, 20, 40, 80])


def one_sided(t, v, n, r):
    """With Kummer's function far to the left of zero digits cancel: they are there to lose."""
    mp.mp.dps = 40 + int(abs(t) ** 2 if t < 0 else 0)
    root = mp.sqrt(n)
    f = lambda x: 2 * ratio(t, v, x * root) / (mp.pi * r * (1 + (x / r) ** 2))
    centre, width = abs(t) / root, 1 / root
    points = sorted({0, *(p for p in (centre + k * width for k in range(-12, 13, 3)) if p > 0), centre + 20 * width, centre + 60 * width})
    value = mp.quad(f, points)
    mp.mp.dps = 40
    return value


print("# mpmath", mp.libmp.BACKEND and __import__("mpmath").__version__)
print("side,t,df,size,scale,log_bf10")
for t in ("0", "0.3", "1.7", "4", "9"):
    for m, n in ((20, 0), (8, 11), (150, 130)):
        for r in ("0.35", "1.5"):
            t_, r_ = mp.mpf(t), mp.mpf(r)
            v = mp.mpf(m + n - 2 if n else m - 1)
            size = mp.mpf(m * n) / (m + n) if n else mp.mpf(m)
            found = {"two_sided": two_sided(t_, v, size, r_), "greater": one_sided(t_, v, size, r_), "less": one_sided(-t_, v, size, r_)}
            if abs((found["greater"] + found["less"]) / 2 / found["two_sided"] - 1) > mp.mpf(10) ** -12:
                raise SystemExit(f"{t} {m} {n} {r}: {found}")
            for side, value in found.items():
                print(side, t, mp.nstr(v, 20), mp.nstr(size, 20), r, mp.nstr(mp.log(value), 20), sep=",")
