export interface Licensed {
  name: string;
  /** An SPDX expression or, in older packages, free text. Empty if the package names none. */
  licence: string;
}

const AGPL = /AGPL|Affero/i;
/** Published under the AGPL, whatever their metadata say. */
const REFUSED_NAMES = /^ultralytics/i;

/** Packages that can be used under the AGPL only, and packages that name no licence. */
export function refusedLicences(packages: Licensed[]): (Licensed & { reason: string })[] {
  return packages.flatMap((one) => {
    const reason = reasonOf(one);
    return reason ? [{ ...one, reason }] : [];
  });
}

function reasonOf({ name, licence }: Licensed): string | undefined {
  if (REFUSED_NAMES.test(name) || isAgplOnly(licence)) return "the AGPL does not fit this project's licence";
  return licence.trim() === "" ? "no licence is known" : undefined;
}

/** Not if the expression offers a choice. */
const isAgplOnly = (licence: string) => licence.split(/\sOR\s/).every((choice) => AGPL.test(choice));
