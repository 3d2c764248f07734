import { isFile } from './isFile.js';
import { fitsHere, nativeInstallations } from './NativeInstallation.js';
import { addonOf, type NativePackage, nativePackage, packageFolderOf } from './nativePackage.js';
import { projectPackage } from './projectPackage.js';

/** A package that is installed and may be loaded. */
export interface NativeCandidate {
  packageName: NativePackage;
  packageVersion: string;
  /** Folder from which the package can be required by its name. */
  from: string;
  /** The addon that the package loads. */
  addon: string;
  source: 'project' | 'cache';
  /** Whether it was made for a GPU of NVIDIA. */
  isGpuBuild: boolean;
  /** Why it cannot be loaded, if that is known: one sentence with the remedy. */
  problem?: string;
}

/** Which candidates are wanted. */
export interface CandidateWish {
  /** `true`: only builds for a GPU. `false`: builds without one first. Default: builds for a GPU first. */
  gpu?: boolean;
  /** Version of `@tensorflow/tfjs` in use, which a package must belong to. */
  version: string;
  /** Folders of the project. */
  projectFolders: readonly string[];
  cacheFolder?: string;
}

/** Native packages that are installed, best first: those of the project, then those in the cache, newest first. */
export async function nativeCandidates(wish: CandidateWish): Promise<NativeCandidate[]> {
  const { gpu, version, projectFolders, cacheFolder } = wish;
  const rank = ({ isGpuBuild }: NativeCandidate) => (isGpuBuild === (gpu !== false) ? 0 : 1);
  const names = [nativePackage(gpu !== false), nativePackage(gpu === false)];
  const ofProject = await Promise.all(
    names.flatMap((name) => projectFolders.map((folder) => inProject(name, folder, version))),
  );
  const ofCache = (await inCache(cacheFolder)).sort((a, b) => rank(a) - rank(b));
  return [...ofProject, ...ofCache].filter((one) => one !== undefined).filter(({ isGpuBuild }) => isGpuBuild || !gpu);
}

async function inProject(
  packageName: NativePackage,
  from: string,
  version: string,
): Promise<NativeCandidate | undefined> {
  const found = await projectPackage(packageName, from);
  if (!found) return undefined;
  const isGpuBuild = packageName === nativePackage(true);
  const { folder, version: packageVersion } = found;
  const addon = addonOf(folder);
  const candidate = { packageName, packageVersion, from, addon, source: 'project', isGpuBuild } as const;
  if (packageVersion !== version) {
    const problem = `the project has ${packageName} ${packageVersion} but @tensorflow/tfjs ${version}; install the same version of both.`;
    return { ...candidate, problem };
  }
  if (!(await isFile(addon))) {
    const problem = `the project's ${packageName} has no addon; npx gradis native install${isGpuBuild ? ' --gpu' : ''} makes one.`;
    return { ...candidate, problem };
  }
  return candidate;
}

async function inCache(cacheFolder?: string): Promise<NativeCandidate[]> {
  const found = await nativeInstallations(cacheFolder);
  return found.flatMap(({ folder, installation, problem }): NativeCandidate[] => {
    if (!installation || !fitsHere(installation)) return [];
    const { packageName, packageVersion, isCudaBuild: isGpuBuild } = installation;
    const addon = addonOf(packageFolderOf(installation));
    return [{ packageName, packageVersion, from: folder, addon, source: 'cache', isGpuBuild, problem }];
  });
}
