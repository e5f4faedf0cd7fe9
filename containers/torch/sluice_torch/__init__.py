"""Trains image classifiers, text classifiers and detectors as SageMaker jobs, and exports them as ONNX packages."""
