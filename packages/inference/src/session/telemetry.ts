// ONNX Runtime reports every process to its makers, and leaves a log in the temporary folder. It reads this variable when it is
// loaded: import this file before it, also in the program that starts the worker.
process.env["ORT_DISABLE_TELEMETRY"] ??= "1";
