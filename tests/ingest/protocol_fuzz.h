// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The fuzz target of the parse protocol: used by a test with damaged records, and by libFuzzer where it is built with clang:
///   clang++ -std=c++20 -fsanitize=fuzzer,address -DLECTERN_FUZZER -I. tests/ingest/protocol_fuzz.cpp
///           ingest/worker/protocol.cpp engine/base/{utf8,error,ensure}.cpp -lfmt
#pragma once

#include <cstdint>
#include <span>

namespace lectern {

/// Decodes `bytes` as every record they may be; stops the program if a decoded value breaks the protocol's rules.
void fuzz_protocol(std::span<const uint8_t> bytes);

} // namespace lectern
