// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/tokenizer/pre_tokenizer.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include "engine/base/utf8.h"

namespace lectern {
namespace {

struct FreeCode {
    void operator()(pcre2_code* code) const noexcept { pcre2_code_free(code); }
};
struct FreeMatch {
    void operator()(pcre2_match_data* match) const noexcept { pcre2_match_data_free(match); }
};
using CodeHandle = std::unique_ptr<pcre2_code, FreeCode>;
using MatchHandle = std::unique_ptr<pcre2_match_data, FreeMatch>;

/// Unicode's White_Space. PCRE2's own \s also has U+180E, which left that class in Unicode 6.3.
constexpr std::string_view kWhiteSpace =
    R"(\x{9}-\x{D}\x{20}\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000})";

/// Writes \s and \S out as explicit classes.
std::string with_explicit_whitespace(std::string_view source) {
    std::string out;
    bool in_class = false;
    for (size_t at = 0; at < source.size(); ++at) {
        const char c = source[at];
        if (c == '\\' && at + 1 < source.size()) {
            const char escaped = source[++at];
            if (escaped == 's') out += in_class ? std::string(kWhiteSpace) : fmt::format("[{}]", kWhiteSpace);
            else if (escaped == 'S' && !in_class) out += fmt::format("[^{}]", kWhiteSpace);
            else (out += c) += escaped;
            continue;
        }
        if (c == '[') in_class = true;
        if (c == ']') in_class = false;
        out += c;
    }
    return out;
}

} // namespace

struct PreTokenizer::Pass {
    CodeHandle code;

    /// Appends the matches in `piece` and what lies between them.
    void cut(std::string_view piece, pcre2_match_data* match, std::vector<std::string_view>& pieces) const {
        const auto* subject = reinterpret_cast<PCRE2_SPTR>(piece.data());
        const size_t* bounds = pcre2_get_ovector_pointer(match);
        size_t done = 0, from = 0;
        while (from < piece.size()) {
            const int found = pcre2_match(code.get(), subject, piece.size(), from,
                                          PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY, match, nullptr);
            if (found < 0) break; // no further match (or a limit of PCRE2): the rest is one piece
            if (bounds[0] > done) pieces.push_back(piece.substr(done, bounds[0] - done));
            pieces.push_back(piece.substr(bounds[0], bounds[1] - bounds[0]));
            done = from = bounds[1];
        }
        if (done < piece.size()) pieces.push_back(piece.substr(done));
    }
};

Result<PreTokenizer> PreTokenizer::create(const PreTokenizerRule& rule) {
    std::vector<std::shared_ptr<const Pass>> passes;
    for (std::string_view source : rule.passes) {
        const std::string pattern = with_explicit_whitespace(source);
        int code = 0;
        size_t at = 0;
        auto pass = std::make_shared<Pass>();
        pass->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                       PCRE2_UTF | PCRE2_UCP, &code, &at, nullptr));
        if (!pass->code)
            return Error{ErrorKind::Internal, fmt::format("PCRE2 refuses a pre-tokenizer at {} with code {}.", at, code)};
        pcre2_jit_compile(pass->code.get(), PCRE2_JIT_COMPLETE); // where it is refused, the interpreter does the work
        passes.push_back(std::move(pass));
    }
    return PreTokenizer(std::move(passes));
}

std::vector<std::string_view> PreTokenizer::split(std::string_view text) const {
    // Stretches of right UTF-8, which PCRE2 needs, and wrong bytes, which stay whole.
    std::vector<std::string_view> right, pieces, next;
    std::vector<bool> wrong; // of pieces
    for (size_t at = 0, start = 0; at <= text.size();) {
        const bool end = at == text.size();
        const Utf8Char c = end ? Utf8Char{0, 1, false} : decode_utf8(text, at);
        if (c.valid) {
            at += c.size;
            continue;
        }
        if (at > start) right.push_back(text.substr(start, at - start));
        if (!end) right.push_back(text.substr(at, c.size));
        at += c.size;
        start = at;
    }
    for (std::string_view stretch : right) {
        if (!decode_utf8(stretch, 0).valid) {
            pieces.push_back(stretch);
            continue;
        }
        std::vector<std::string_view> cut{stretch};
        for (const auto& pass : passes_) {
            const MatchHandle match(pcre2_match_data_create_from_pattern(pass->code.get(), nullptr));
            if (!match) throw std::bad_alloc();
            next.clear();
            for (std::string_view piece : cut) pass->cut(piece, match.get(), next);
            std::swap(cut, next);
        }
        pieces.insert(pieces.end(), cut.begin(), cut.end());
    }
    return pieces;
}

} // namespace lectern
