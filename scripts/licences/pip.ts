import { execFileSync } from "node:child_process";
import type { Licensed } from "./refuse.ts";

/** The expression, else the classifiers, else the first line of the free text. */
const PROGRAM = `
import json
from importlib.metadata import distributions

def licence(metadata):
    classifiers = [each for each in metadata.get_all("Classifier") or [] if each.startswith("License ::")]
    text = (metadata.get("License") or "").strip().splitlines()
    return metadata.get("License-Expression") or " AND ".join(classifiers) or (text[0] if text else "")

print(json.dumps([{"name": each.metadata["Name"], "licence": licence(each.metadata)} for each in distributions()]))
`;

/** All packages of a Python environment. */
export const pipLicences = (python: string): Licensed[] =>
  JSON.parse(execFileSync(python, ["-c", PROGRAM], { encoding: "utf8" })) as Licensed[];
