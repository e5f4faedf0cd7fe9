# python3 bench/probe/reference.py <folder of export.ts> > bench/probe/reference.json, with scikit-learn and NumPy installed.
import json
import platform
import sys
from datetime import date

import numpy
import sklearn
from sklearn.linear_model import LogisticRegression

folder = sys.argv[1]


def read(model, part):
    labels = numpy.fromfile(f"{folder}/{model}.{part}.i32", dtype=numpy.int32)
    values = numpy.fromfile(f"{folder}/{model}.{part}.f32", dtype=numpy.float32)
    return values.reshape(len(labels), -1).astype(numpy.float64), labels


accuracies = {}
for model in ["vehicles", "cats", "compliance"]:
    fitted = LogisticRegression(C=1.0, solver="lbfgs", tol=1e-4, max_iter=2000).fit(*read(model, "train"))
    accuracies[model] = round(fitted.score(*read(model, "test")), 4)
print(
    json.dumps(
        {
            "how": "node bench/probe/export.ts features; python3 bench/probe/reference.py features",
            "what": "LogisticRegression(C=1.0, solver='lbfgs', tol=1e-4, max_iter=2000) on the probe's standardised features",
            "with": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__, "python": platform.python_version()},
            "made": date.today().isoformat(),
            "accuracies": accuracies,
        },
        indent=2,
    )
)
