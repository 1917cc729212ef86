# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

# Decides whether this machine can build the CUDA plug-in: nvcc >= 12.8 and a kernel that compiles.
# Sets LECTERN_HAVE_CUDA and says one line either way.

set(LECTERN_HAVE_CUDA OFF)
if(LECTERN_CUDA STREQUAL "OFF")
    message(STATUS "CUDA plug-in: off (LECTERN_CUDA=OFF)")
    return()
endif()
if(LECTERN_SANITIZE)
    message(STATUS "CUDA plug-in: off (sanitizers do not go with nvcc; compute-sanitizer checks it)")
    return()
endif()

set(reason "")
find_program(LECTERN_NVCC nvcc HINTS /usr/local/cuda/bin ENV CUDA_PATH PATH_SUFFIXES bin)
if(NOT LECTERN_NVCC)
    set(reason "no nvcc found")
else()
    execute_process(COMMAND ${LECTERN_NVCC} --version OUTPUT_VARIABLE nvcc_version ERROR_QUIET)
    string(REGEX MATCH "release ([0-9]+\\.[0-9]+)" _ "${nvcc_version}")
    if(NOT CMAKE_MATCH_1 OR CMAKE_MATCH_1 VERSION_LESS 12.8)
        set(reason "nvcc ${CMAKE_MATCH_1} is older than 12.8")
    else()
        set(nvcc_release ${CMAKE_MATCH_1})
        file(WRITE ${CMAKE_BINARY_DIR}/cuda_probe/probe.cu "__global__ void probe(float* x) { x[threadIdx.x] += 1.0f; }\n")
        execute_process(COMMAND ${LECTERN_NVCC} -std=c++20 -c probe.cu -o probe.o -gencode arch=compute_90a,code=sm_90a
            WORKING_DIRECTORY ${CMAKE_BINARY_DIR}/cuda_probe RESULT_VARIABLE probe_failed OUTPUT_QUIET ERROR_QUIET)
        if(probe_failed)
            set(reason "nvcc ${nvcc_release} cannot compile a kernel for sm_90a with this host compiler")
        endif()
    endif()
endif()

if(reason)
    if(LECTERN_CUDA STREQUAL "REQUIRED")
        message(FATAL_ERROR "CUDA plug-in: required, but ${reason}.")
    endif()
    message(STATUS "CUDA plug-in: skipped, ${reason}")
else()
    set(LECTERN_HAVE_CUDA ON)
    message(STATUS "CUDA plug-in: nvcc ${nvcc_release} at ${LECTERN_NVCC}")
endif()
