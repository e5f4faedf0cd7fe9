# python3 bench/monitoring/report.py <baseline.jsonl> <window.jsonl>, with pandas and SciPy installed: the report of
# report.ts as a data scientist would write it, with all records in one table. Prints figures.
import base64
import json
import resource
import sys
import time

import numpy
import pandas
from scipy.optimize import minimize
from scipy.stats import chi2_contingency, false_discovery_control, ks_2samp, rankdata

CHUNK = 50_000
VECTORS = 250
PERMUTATIONS = 2_000
FOLDS = 5
numbers = numpy.random.default_rng(1)


def read(path):
    chunks = []
    for chunk in pandas.read_json(path, lines=True, chunksize=CHUNK):
        table = pandas.DataFrame(chunk["descriptors"].tolist())
        best = [max(row, key=lambda one: one["probability"]) for row in chunk["predictions"]]
        table["class"] = [one["class"] for one in best]
        table["confidence"] = [one["probability"] for one in best]
        chunks.append(table)
    return pandas.concat(chunks, ignore_index=True)


def vectors(table):
    sample = table["embedding"].sample(min(VECTORS, len(table)), random_state=1)
    return numpy.array([numpy.frombuffer(base64.b64decode(text), dtype=numpy.int8) for text in sample]) / 127


def chi_square(first, second):
    counts = pandas.concat([first.value_counts(), second.value_counts()], axis=1).fillna(0).T.to_numpy()
    if counts.shape[1] < 2:
        return 0.0, 1.0
    # The table has two rows, so V is the root of chi-square per record.
    statistic = chi2_contingency(counts, correction=False).statistic
    return float(numpy.sqrt(statistic / counts.sum())), float(chi2_contingency(counts).pvalue)


def classifier(first, second):
    rows = numpy.concatenate([first, second])
    rows = (rows - rows.mean(0)) / numpy.maximum(rows.std(0), 1e-12)
    rows = numpy.column_stack([rows, numpy.ones(len(rows))])
    labels = numpy.repeat([0.0, 1.0], [len(first), len(second)])
    folds = numpy.concatenate([numpy.arange(len(first)) % FOLDS, numpy.arange(len(second)) % FOLDS])
    areas = []
    for fold in range(FOLDS):
        train = folds != fold

        def loss(weights):
            scores = rows[train] @ weights
            slope = rows[train].T @ (1 / (1 + numpy.exp(-scores)) - labels[train])
            slope[:-1] += weights[:-1]
            value = numpy.logaddexp(0, scores).sum() - scores @ labels[train] + (weights[:-1] ** 2).sum() / 2
            return value, slope

        weights = minimize(loss, numpy.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x
        ranks = rankdata(rows[~train] @ weights)
        positive = labels[~train] == 1
        count = positive.sum()
        areas.append((ranks[positive].sum() - count * (count + 1) / 2) / (count * (~positive).sum()))
    return float(numpy.mean(areas))


def mmd(first, second):
    rows = numpy.concatenate([first, second])
    squares = (rows**2).sum(1)
    distances = numpy.maximum(squares[:, None] + squares[None] - 2 * rows @ rows.T, 0)
    kernel = numpy.exp(-distances / (2 * numpy.median(distances[numpy.triu_indices(len(rows), 1)])))
    numpy.fill_diagonal(kernel, 0)

    def statistic(side):
        one, two = kernel[numpy.ix_(~side, ~side)], kernel[numpy.ix_(side, side)]
        m, n = (~side).sum(), side.sum()
        return one.sum() / (m * (m - 1)) + two.sum() / (n * (n - 1)) - 2 * kernel[numpy.ix_(side, ~side)].mean()

    side = numpy.repeat([False, True], [len(first), len(second)])
    found = statistic(side)
    larger = sum(statistic(numbers.permutation(side)) >= found for _ in range(PERMUTATIONS))
    return float(found), (larger + 1) / (PERMUTATIONS + 1)


before = read(sys.argv[1])
began = time.perf_counter()
cpu_before = time.process_time()
window = read(sys.argv[2])
loaded = time.perf_counter()
cpu = time.process_time() - cpu_before
effects, p_values = {}, []
for name in before.columns:
    if name == "embedding":
        continue
    if pandas.api.types.is_numeric_dtype(before[name]):
        result = ks_2samp(before[name], window[name])
        effects[f"ks {name}"] = float(result.statistic)
        p_values.append(result.pvalue)
    else:
        effects[f"chi-square {name}"], p_value = chi_square(before[name], window[name])
        p_values.append(p_value)
first, second = vectors(before), vectors(window)
effects["classifier embedding"] = classifier(first, second)
effects["mmd embedding"], p_value = mmd(first, second)
p_values.append(p_value)
false_discovery_control(p_values)
print(
    json.dumps(
        {
            "records": len(window),
            "windowSeconds": loaded - began,
            "windowCpuSeconds": cpu,
            "compareSeconds": time.perf_counter() - loaded,
            "peakMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024,
            "storedKb": 0,
            "effects": effects,
        }
    )
)
