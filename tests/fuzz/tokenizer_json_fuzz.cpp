// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// A tokenizer.json: import it, build the tokenizer, encode and decode.

#include "engine/base/file.h"
#include "engine/tokenizer/tokenizer.h"
#include "engine/tokenizer/tokenizer_json.h"
#include "tests/support/temporary_folder.h"

using namespace lectern;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    static const TemporaryFolder folder;
    const auto written = write_file_atomic(folder / "tokenizer.json", std::as_bytes(std::span(data, size)));
    ENSURE(written.has_value(), "the temporary folder can be written");
    Metadata metadata;
    const auto imported = import_tokenizer(folder.path(), 0, metadata);
    if (!imported) {
        ENSURE(!imported.error().message.empty(), "an error has a sentence");
        return 0;
    }
    const auto tokenizer = Tokenizer::from_metadata(metadata);
    if (!tokenizer) return 0;
    detokenize(*tokenizer, (*tokenizer)->with_special((*tokenizer)->encode("Größe 12 <s>\n\xff [SEP]<|eos|>", true)));
    return 0;
}
