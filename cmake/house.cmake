# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

# What every target of the house has in common: language level, warnings as errors, include root, output folders.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(LECTERN_LIBEXEC_DIR ${CMAKE_BINARY_DIR}/lib/lectern)
set(CMAKE_LINK_DEPENDS_NO_SHARED ON)
# Kernels ask for -O3 themselves; elsewhere it costs build time and gains nothing.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
find_package(Threads REQUIRED)

find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
    set(CMAKE_CUDA_COMPILER_LAUNCHER ${CCACHE})
    # ccache accepts a precompiled header only if these are told to it (its manual, "Precompiled headers").
    set(ENV{CCACHE_SLOPPINESS} pch_defines,time_macros)
endif()

# Debian's fmt and spdlog are shared libraries; a machine that has neither gets them header-only.
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
if(LECTERN_ENGINE_ONLY)
    set(HOUSE_FMT fmt::fmt-header-only)
    set(HOUSE_SPDLOG spdlog::spdlog_header_only)
else()
    set(HOUSE_FMT fmt::fmt)
    set(HOUSE_SPDLOG spdlog::spdlog)
endif()

# house_target(NAME): call it for every target of ours.
function(house_target target)
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
    target_compile_options(${target} PRIVATE
        $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wno-missing-field-initializers -Werror -march=x86-64-v2 -fvisibility=hidden -ffp-contract=off>)
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
        # g++ 12 reports overlapping copies inside std::string that are not there (GCC bug 105651).
        target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
    endif()
    if(LECTERN_SANITIZE)
        target_compile_options(${target} PRIVATE -fsanitize=${LECTERN_SANITIZE} -fno-omit-frame-pointer)
        target_link_options(${target} PUBLIC -fsanitize=${LECTERN_SANITIZE})
    endif()
    if(LECTERN_ENGINE_ONLY)
        target_link_options(${target} PUBLIC -static-libstdc++ -static-libgcc)
    endif()
endfunction()

# house_test(NAME SOURCES... LIBS targets... [LABELS labels...] [QT]): one test program, one ctest entry.
# doctest for the engine (it must build where there is no Qt), Qt Test elsewhere (QT).
function(house_test name)
    cmake_parse_arguments(ARG "QT" "TIMEOUT" "SOURCES;LIBS;LABELS;ARGS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES} ${ARG_UNPARSED_ARGUMENTS})
    target_link_libraries(${name} PRIVATE ${ARG_LIBS})
    if(ARG_QT)
        set_target_properties(${name} PROPERTIES AUTOMOC ON)
        target_link_libraries(${name} PRIVATE Qt6::Test)
    else()
        target_link_libraries(${name} PRIVATE test_main)
    endif()
    house_target(${name})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_compile_definitions(${name} PRIVATE LECTERN_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data"
        LECTERN_SOURCE_DIR="${CMAKE_SOURCE_DIR}" LECTERN_BUILD_DIR="${CMAKE_BINARY_DIR}")
    add_test(NAME ${name} COMMAND ${name} ${ARG_ARGS})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QT_FORCE_STDERR_LOGGING=1")
endfunction()
