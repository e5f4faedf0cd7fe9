// Finds a Python that can make the virtual environment.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { Failure } from "../terminal/failure.ts";
import { container } from "./stamp.ts";

const DEFAULT_PYTHON = process.platform === "win32" ? "python" : "python3";
const PROBE = `
import json, sys
try:
    import ensurepip, venv
    complete = True
except ImportError:
    complete = False
print(json.dumps({"version": sys.version_info[:2], "complete": complete}))
`;

export interface Python {
  command: string;
  /** "3.11" */
  version: string;
}

export function findPython(command = DEFAULT_PYTHON): Python {
  const { error, status, stdout, stderr } = spawnSync(command, ["-c", PROBE], { encoding: "utf8" });
  const needed = minimumVersion();
  const needs = `Install Python ${needed.join(".")} or later, or name one: --python /path/to/python3.`;
  if (error || status !== 0)
    throw new Failure("PYTHON_MISSING", `${command} does not run: ${error?.message ?? lastLine(stderr)}.`, {
      hint: needs,
    });
  const { version, complete } = JSON.parse(stdout) as { version: [number, number]; complete: boolean };
  const [major, minor] = version;
  if (major !== needed[0] || minor < needed[1])
    throw new Failure("PYTHON_TOO_OLD", `${command} is Python ${major}.${minor}.`, { hint: needs });
  if (!complete)
    throw new Failure("PYTHON_INCOMPLETE", `${command} cannot create a virtual environment.`, {
      hint: "Install its modules venv and ensurepip, for instance with `apt-get install python3-venv`.",
    });
  return { command, version: `${major}.${minor}` };
}

/** From pyproject.toml: `requires-python = ">=3.11"`. */
function minimumVersion(): [number, number] {
  const text = readFileSync(path.join(container, "pyproject.toml"), "utf8");
  const [, major, minor] = /^requires-python\s*=\s*">=(\d+)\.(\d+)/m.exec(text) ?? [];
  return [Number(major), Number(minor)];
}

const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";
