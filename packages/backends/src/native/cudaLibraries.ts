/** Name of the file, in an installation, that becomes part of an addon for CUDA. */
export const CUDA_LIBRARIES_FILE = 'cudaLibraries.cc';

/**
 * C++ that loads the CUDA libraries of the `nvidia-*` wheels beside TensorFlow when the addon is loaded.
 *
 * TensorFlow opens them by name when it looks for GPUs, and uses none if one is missing. The path to them that is written
 * into its `libtensorflow_framework` leaves out `nvidia/cusolver` (in 2.21, in Python, too), and no path of the addon
 * counts there. A library of the same name that is loaded already does. Those that others need come first.
 */
export const CUDA_LIBRARIES_SOURCE = `#include <dlfcn.h>
#include <glob.h>
#include <stdlib.h>
#include <string>
#include "tensorflow/c/c_api.h"

__attribute__((constructor)) static void loadCudaLibraries() {
  const char* devices = getenv("CUDA_VISIBLE_DEVICES");
  const bool isHidden = devices && (!*devices || std::string(devices) == "-1");
  if (isHidden || !dlopen("libcuda.so.1", RTLD_LAZY)) return;  // No GPU, no need to load gigabytes.
  Dl_info tensorflow;
  if (!dladdr(reinterpret_cast<void*>(&TF_Version), &tensorflow)) return;
  std::string folder(tensorflow.dli_fname);
  folder.erase(folder.rfind('/') + 1);
  for (const char* name : {"cudart", "cublasLt", "cublas", "cufft", "nvJitLink", "cusparse", "cusolver", "cudnn", "nccl"}) {
    glob_t found;
    const std::string pattern = folder + "../nvidia/*/lib/lib" + name + ".so.*";
    if (glob(pattern.c_str(), 0, nullptr, &found) == 0) dlopen(found.gl_pathv[0], RTLD_LAZY | RTLD_LOCAL);
    globfree(&found);
  }
}
`;
