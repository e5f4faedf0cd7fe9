# python3 bench/probe/reference.py <folder of export.ts> > bench/probe/reference.json, with scikit-learn and NumPy installed.
import json
import pathlib
import platform
import sys
from datetime import date

import numpy
import sklearn
from sklearn.linear_model import LogisticRegression

folder = pathlib.Path(sys.argv[1])


def read(name, part):
    labels = numpy.fromfile(folder / f"{name}.{part}.i32", dtype=numpy.int32)
    values = numpy.fromfile(folder / f"{name}.{part}.f32", dtype=numpy.float32)
    return values.reshape(len(labels), -1).astype(numpy.float64), labels


# Samples of a seed, then the seed, then the model.
accuracies = {}
for file in sorted(folder.glob("*.train.i32")):
    samples, seed, model = file.name.split(".")[:3]
    name = f"{samples}.{seed}.{model}"
    fitted = LogisticRegression(C=1.0, solver="lbfgs", tol=1e-4, max_iter=2000).fit(*read(name, "train"))
    of_seed = accuracies.setdefault(samples, {}).setdefault(seed, {})
    of_seed[model] = round(fitted.score(*read(name, "test")), 4)
print(
    json.dumps(
        {
            "how": "node bench/probe/export.ts <folder> <size>; python3 bench/probe/reference.py <folder>",
            "what": "LogisticRegression(C=1.0, solver='lbfgs', tol=1e-4, max_iter=2000) on the probe's standardised features",
            "with": {
                "scikit-learn": sklearn.__version__,
                "numpy": numpy.__version__,
                "python": platform.python_version(),
            },
            "made": date.today().isoformat(),
            "accuracies": accuracies,
        },
        indent=2,
    )
)
