# python3 bench/statistics/golden.py packages/statistics/src/golden, with SciPy, scikit-learn and NumPy installed.
# Records what these libraries compute for the inputs in the tests of packages/statistics; `npm run format` formats the files.
import json
import pathlib
import platform
import sys
from datetime import date

import numpy
import scipy
import scipy.optimize
import sklearn
from scipy.stats import binomtest, chi2_contingency, false_discovery_control, ks_2samp, kstwo
from scipy.stats.contingency import association
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

folder = pathlib.Path(sys.argv[1])
numbers = numpy.random.default_rng(7)


def sequence(spec):
    """The same doubles in both languages, so that large inputs need no file."""
    count, step, modulus, shift = spec
    return numpy.array([(at * step % modulus) / modulus + shift for at in range(count)])


def mulberry(seed):
    """The generator of random.ts, for permutations that are equal in both languages."""
    state = seed & 0xFFFFFFFF

    def multiply(one, other):
        return one * other & 0xFFFFFFFF

    def draw():
        nonlocal state
        state = state + 0x6D2B79F5 & 0xFFFFFFFF
        mixed = multiply(state ^ state >> 15, state | 1)
        mixed ^= mixed + multiply(mixed ^ mixed >> 7, mixed | 61) & 0xFFFFFFFF
        return (mixed ^ mixed >> 14) / 2**32

    return draw


def shuffled(items, draw):
    for at in range(len(items) - 1, 0, -1):
        other = int(draw() * (at + 1))
        items[at], items[other] = items[other], items[at]
    return items


def ks(first, second):
    result = ks_2samp(first, second)
    return {"statistic": float(result.statistic), "pValue": float(result.pvalue)}


def ks_values():
    normal, grid = numbers.normal, numbers.integers
    pairs = [
        (normal(size=10), normal(size=10)),
        (normal(size=1), normal(size=1)),
        (normal(size=1), normal(size=30)),
        (normal(size=40), normal(0.7, size=25)),
        (grid(0, 6, 60).astype(float), grid(1, 7, 45).astype(float)),
        (normal(size=50), normal(3, size=50)),
        (numpy.arange(12.0), numpy.arange(12.0)),
        (numpy.arange(12.0), numpy.arange(20.0, 27.0)),
        (numpy.full(9, 0.5), numpy.full(7, 0.5)),
        (normal(size=101), normal(0.2, 1.4, size=99)),
    ]
    return [{"first": one.tolist(), "second": two.tolist(), **ks(one, two)} for one, two in pairs]


def ks_sequences():
    """Count, step, modulus, shift. Both sides of the limit of the exact method, and uneven sizes."""
    pairs = [
        ((900, 7919, 10007, 0), (1100, 6421, 9973, 0.03)),
        ((2000, 7919, 10007, 0), (2000, 6421, 9973, 0.05)),
        ((10000, 7919, 10007, 0), (9999, 6421, 9973, 0.012)),
        ((10000, 7919, 10007, 0), (10000, 6421, 9973, 0.02)),
        ((10001, 7919, 10007, 0), (9000, 6421, 9973, 0.001)),
        ((20000, 7919, 10007, 0), (20000, 6421, 9973, 0.008)),
        ((20000, 7919, 10007, 0), (20000, 6421, 9973, 0.015)),
        ((20000, 7919, 10007, 0), (20000, 6421, 9973, 0.3)),
        ((100000, 77783, 99991, 0), (100000, 64231, 99989, 0.004)),
        ((100000, 77783, 99991, 0), (50, 6421, 9973, 0.1)),
        ((12000, 7919, 10007, 0), (1, 1, 7, 0.4)),
        ((12000, 7919, 10007, 0), (130, 31, 101, 0.05)),
        ((12000, 7, 13, 0), (11000, 5, 11, 0)),
        ((10000, 7919, 10007, 0), (9000, 6421, 9973, 0.3)),
    ]
    return [{"first": one, "second": two, **ks(sequence(one), sequence(two))} for one, two in pairs]


def kolmogorov():
    """Each branch of the distribution, by the size and the statistic."""
    cases = []
    for count in [1, 2, 5, 10, 60, 140, 141, 1000, 50_000, 100_000, 100_001, 1_000_000]:
        for z in [0.2, 0.4, 0.6, 0.8, 0.86, 0.88, 1, 1.4, 1.49, 1.9, 2.01, 3, 5]:
            statistic = z / count**0.5
            if statistic < 1:
                cases.append([count, statistic, float(kstwo.sf(statistic, count))])
    return cases


def chi_square():
    tables = [
        [[10, 20, 30], [12, 25, 20]],
        [[100, 50], [80, 75]],
        [[7, 5], [6, 6]],
        [[1000, 2000, 500, 40], [980, 2100, 470, 95]],
        [[50, 0, 30], [20, 25, 30]],
        [[40, 60], [60, 40]],
    ]
    cases = []
    for table in tables:
        result = chi2_contingency(table)
        cases.append(
            {
                "first": table[0],
                "second": table[1],
                "statistic": result.statistic,
                "degrees": int(result.dof),
                "pValue": result.pvalue,
                "cramersV": float(association(table, method="cramer")),
            }
        )
    return cases


def false_discovery():
    lists = [[0.01, 0.04, 0.03, 0.2], [0.9, 0.001, 0.001, 0.5, 0.05], [0.3], numbers.random(30).tolist()]
    return [{"pValues": values, "adjusted": false_discovery_control(values).tolist()} for values in lists]


def aucs():
    pairs = [
        (numbers.normal(size=40), numbers.normal(0.5, size=60)),
        (numbers.integers(0, 5, 50).astype(float), numbers.integers(1, 6, 30).astype(float)),
        (numpy.array([1.0]), numpy.array([2.0])),
        (numpy.full(4, 1.0), numpy.full(6, 1.0)),
    ]
    cases = []
    for one, two in pairs:
        truth = [0] * len(one) + [1] * len(two)
        auc = float(roc_auc_score(truth, numpy.concatenate([one, two])))
        cases.append({"first": one.tolist(), "second": two.tolist(), "auc": auc})
    return cases


def logistic():
    rows = numbers.normal(size=(60, 4))
    positive = rows[:, 0] + numbers.normal(size=60) > 0.3
    model = LogisticRegression(C=0.5, tol=1e-12, max_iter=10_000, solver="newton-cholesky").fit(rows, positive)
    return {
        "rows": rows.tolist(),
        "isPositive": positive.tolist(),
        "penalty": 2,
        "scores": model.decision_function(rows).tolist(),
    }


def mmd_squared(kernel, second):
    first = ~second
    one, two = first.sum(), second.sum()
    within = kernel[numpy.ix_(first, first)].sum() - one
    other = kernel[numpy.ix_(second, second)].sum() - two
    between = kernel[numpy.ix_(first, second)].sum()
    return within / (one * (one - 1)) + other / (two * (two - 1)) - 2 * between / (one * two)


def mmds():
    cases = []
    for sizes, shift, seed in [((20, 25), 0, 1), ((30, 20), 0.6, 2), ((15, 15), 4, 3)]:
        first = numbers.normal(size=(sizes[0], 3))
        second = numbers.normal(shift, size=(sizes[1], 3))
        both = numpy.concatenate([first, second])
        squares = ((both[:, None] - both[None]) ** 2).sum(axis=2)
        gamma = 1 / (2 * numpy.median(squares[numpy.triu_indices(len(both), 1)]))
        kernel = numpy.exp(-gamma * squares)
        sides = [at >= sizes[0] for at in range(len(both))]
        observed = mmd_squared(kernel, numpy.array(sides))
        draw = mulberry(seed)
        larger = sum(
            mmd_squared(kernel, numpy.array(shuffled(sides, draw))) >= observed - 1e-12 for _ in range(200)
        )
        cases.append(
            {
                "first": first.tolist(),
                "second": second.tolist(),
                "seed": seed,
                "mmdSquared": float(observed),
                "gamma": float(gamma),
                "pValue": (int(larger) + 1) / 201,
            }
        )
    return cases


def temperatures():
    """By Brent's method on the slope of the loss."""
    cases = []
    for factor in [0.5, 1, 3]:
        logits = numbers.normal(scale=1.5, size=(80, 3))
        chances = numpy.exp(logits) / numpy.exp(logits).sum(axis=1, keepdims=True)
        labels = [int(numbers.choice(3, p=row)) for row in chances]
        logits = logits * factor

        def loss(inverse):
            scaled = logits * inverse
            return float((numpy.logaddexp.reduce(scaled, axis=1) - scaled[range(80), labels]).mean())

        def slope(inverse):
            powers = numpy.exp(logits * inverse)
            expected = (powers * logits).sum(axis=1) / powers.sum(axis=1)
            return float((expected - logits[range(80), labels]).mean())

        inverse = scipy.optimize.brentq(slope, 0.05, 20, xtol=1e-14)
        case = {"logits": logits.tolist(), "labels": labels, "temperature": 1 / inverse}
        cases.append(case | {"nllBefore": loss(1), "nllAfter": loss(inverse)})
    return cases


def wilsons():
    cases = []
    for successes, count, level in [(0, 10, 0.95), (10, 10, 0.95), (7, 10, 0.9), (123, 1000, 0.99), (1, 1, 0.95)]:
        interval = binomtest(successes, count).proportion_ci(level, method="wilson")
        cases.append([successes, count, level, float(interval.low), float(interval.high)])
    return cases


def bootstrap():
    values = numbers.normal(5, 2, size=30)
    draw = mulberry(11)
    means = [values[[int(draw() * 30) for _ in range(30)]].mean() for _ in range(500)]
    low, high = numpy.quantile(means, [0.05, 0.95])
    return {"values": values.tolist(), "seed": 11, "samples": 500, "level": 0.9, "low": low, "high": high}


def write(name, content):
    (folder / f"{name}.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")


folder.mkdir(parents=True, exist_ok=True)
versions = {"python": platform.python_version(), "numpy": numpy.__version__}
versions |= {"scipy": scipy.__version__, "sklearn": sklearn.__version__, "date": str(date.today())}
write("ks", {"made": versions, "values": ks_values(), "sequences": ks_sequences(), "kolmogorov": kolmogorov()})
write("counts", {"made": versions, "chiSquare": chi_square(), "discovery": false_discovery()})
write("shift", {"made": versions, "auc": aucs(), "logistic": logistic(), "mmd": mmds()})
write(
    "calibration",
    {
        "made": versions,
        "temperature": temperatures(),
        "wilson": wilsons(),
        "bootstrap": bootstrap(),
    },
)
