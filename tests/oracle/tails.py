"""Upper tails at 60 digits: tests/oracle/tails.csv. pip install mpmath; python3 tests/oracle/tails.py > tests/oracle/tails.csv"""
import mpmath as mp

mp.mp.dps = 60


def t_sf(x, v):
    return mp.betainc(v / 2, mp.mpf(1) / 2, 0, v / (v + x * x), regularized=True) / 2


def f_sf(x, a, b):
    return mp.betainc(b / 2, a / 2, 0, b / (b + a * x), regularized=True)


print("name,x,df1,df2,sf")
for v in (1, 2, 3, 5, 10, 30, 100, 845, 1456, 10_000):
    for x in ("0.001", "0.5", "1.96", "3", "5", "12", "38"):
        print("t", x, v, "", mp.nstr(t_sf(mp.mpf(x), mp.mpf(v)), 20), sep=",")
for a in (1, 2, 4, 12):
    for b in (3, 20, 845, 1482):
        for x in ("0.1", "1", "3.5", "20"):
            print("f", x, a, b, mp.nstr(f_sf(mp.mpf(x), mp.mpf(a), mp.mpf(b)), 20), sep=",")
for v in (1, 2, 4, 10):
    for x in ("0.5", "3.84", "30", "200"):
        print("chi2", x, v, "", mp.nstr(mp.gammainc(mp.mpf(v) / 2, mp.mpf(x) / 2, mp.inf, regularized=True), 20), sep=",")
for x in ("0", "1", "1.96", "6", "20", "35"):
    print("normal", x, "", "", mp.nstr(mp.erfc(mp.mpf(x) / mp.sqrt(2)) / 2, 20), sep=",")
