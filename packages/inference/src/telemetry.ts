// ONNX Runtime would tell its makers of every process, and leave a log of that in the temporary folder. Read when it is loaded, from
// the process's own environment: so this is imported before it, and by whoever starts the thread that loads it.
process.env["ORT_DISABLE_TELEMETRY"] ??= "1";
