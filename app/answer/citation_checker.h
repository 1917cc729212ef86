// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Ties sentences of an answer to passages, by what stands in them; the model's marks are claims to be checked.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/answer/answer_events.h"
#include "ingest/structure/sentences.h"

namespace lectern {

/// A passage that the model was shown under a mark. `text` is canonical text [start, start + text.size()).
struct OfferedPassage {
    int mark = 0;
    int64_t document = 0;
    std::string document_name;
    uint64_t start = 0;
    std::string text;
};

/// The words of a passage that support a sentence best.
struct Support {
    size_t passage = 0;      ///< index into the offered passages
    size_t begin = 0, end = 0; ///< bytes of its text: one or two sentences, never across a page
    double score = 0;        ///< 0 … 1
};

struct Checked {
    Verdict verdict = Verdict::Gist;
    std::vector<Support> support; ///< what the sentence may cite; empty unless verified or partly
};

class CitationChecker {
public:
    explicit CitationChecker(std::vector<OfferedPassage> passages);

    const std::vector<OfferedPassage>& passages() const { return passages_; }

    /// Judges one sentence (without marks) against all passages. `claimed`: marks that the model wrote after it.
    ///   verified     the sentence, or all its numbers and at least kVerified of its content words, stand in one place
    ///   partly       all its numbers and at least kPartly of its content words do
    ///   unsupported  it claims a source, and neither holds
    ///   gist         it claims none, and neither holds
    /// A claimed passage that supports it is kept; if another one does and the claimed does not, that one is cited.
    Checked check(std::string_view sentence, std::span<const int> claimed) const;

    static constexpr double kVerified = 0.85;
    static constexpr double kPartly = 0.5;

private:
    struct Unit { ///< a sentence of a passage
        size_t passage;
        size_t begin, end;
        std::vector<std::string> words; ///< normalised, in order
    };
    Support best_in(std::span<const std::string> words, size_t passage) const;

    std::vector<OfferedPassage> passages_;
    std::vector<Unit> units_;
};

/// Lower-case words of letters and digits; numbers keep their inner '.' and ','. For comparing, not for showing.
std::vector<std::string> normalised_words(std::string_view text);

/// The sentences of `text`, which may hold blocks (a blank line between them) and pages (a form feed); none crosses either.
std::vector<TextRange> sentences_of(std::string_view text);

} // namespace lectern
