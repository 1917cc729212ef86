// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// Text to ids with real vocabularies: data never yields a control token, and byte-level BPE gives every byte back.

#include "engine/base/file.h"
#include "engine/formats/gguf.h"
#include "engine/tokenizer/tokenizer.h"
#include "engine/tokenizer/tokenizer_json.h"

using namespace lectern;

static std::vector<std::shared_ptr<const Tokenizer>> load() {
    std::vector<std::shared_ptr<const Tokenizer>> all;
    const std::filesystem::path folder = std::filesystem::path(LECTERN_TEST_DATA) / "tokenizer";
    for (const char* name : {"gpt-2.gguf", "bert-bge.gguf"})
        all.push_back(*Tokenizer::from_metadata(read_gguf(folder / name)->metadata));
    for (const char* name : {"spm-first", "llama3"}) {
        Metadata metadata;
        ENSURE(import_tokenizer(folder / name, 0, metadata).has_value(), "the test's own tokenizer is sound");
        all.push_back(*Tokenizer::from_metadata(metadata));
    }
    return all;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    static const auto tokenizers = load();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (size_t i = 0; i < tokenizers.size(); ++i) {
        const Tokenizer& tokenizer = *tokenizers[i];
        std::string bytes;
        for (TokenId id : tokenizer.encode(text)) {
            ENSURE(tokenizer.kind(id) != TokenKind::Control, "data yields no control token");
            bytes += tokenizer.bytes(id);
        }
        if (i == 3) ENSURE(bytes == text, "every byte comes back");
        const std::vector<TextSegment> cut = {{text.substr(0, size / 2), true}, {text.substr(size / 2), false}};
        tokenizer.encode(cut);
        detokenize(tokenizers[i], tokenizer.encode(text, true));
    }
    return 0;
}
