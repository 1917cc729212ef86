// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// Runs a fuzz target over the files of a folder: `NAME FOLDER`. Each file also goes in cut to half and with its bytes
// changed here and there, so that a replay tries a little more than what is already known to be sound.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

static void run(const std::string& bytes) {
    // An exact copy on the heap, so that a sanitizer sees a read past the end.
    const std::unique_ptr<uint8_t[]> copy(new uint8_t[bytes.size()]);
    std::copy(bytes.begin(), bytes.end(), copy.get());
    LLVMFuzzerTestOneInput(copy.get(), bytes.size());
}

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    int files = 0;
    std::error_code ec;
    for (const auto& entry : std::filesystem::directory_iterator(argv[1], ec)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        std::string bytes{std::istreambuf_iterator<char>(in), {}};
        run(bytes);
        run(bytes.substr(0, bytes.size() / 2));
        uint32_t random = 12345;
        for (int round = 0; round < 50 && !bytes.empty(); ++round) {
            std::string changed = bytes;
            for (int i = 0; i <= round % 4; ++i) {
                random = random * 1664525 + 1013904223;
                changed[(random >> 8) % changed.size()] = static_cast<char>(random >> 24);
            }
            run(changed);
        }
        ++files;
    }
    std::printf("%d files\n", files);
    return files > 0 ? 0 : 1; // an empty corpus tests nothing
}
