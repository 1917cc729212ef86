// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "retrieval/lexical/lexical_query.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <unordered_set>

#include <fmt/format.h>

#include "engine/base/utf8.h"
#include "retrieval/lexical/stop_words.h"

namespace lectern {
namespace {

constexpr size_t kMaxQueryBytes = 64 << 10;
constexpr size_t kMaxCandidates = 64; // distinct words that are weighed by rarity
constexpr size_t kMaxPhrases = 8;
constexpr size_t kMaxPhraseWords = 32;

struct Token {
    std::string folded; // lower case, no diacritics; or the stem
    std::string source; // as it stands in the query
};

/// A tokenizer of FTS5 itself, so that a query is cut exactly as the index was.
class Tokenizer {
public:
    Tokenizer(Connection& connection, const char* name, std::vector<const char*> arguments) {
        fts5_api* api = nullptr;
        sqlite3_stmt* raw = nullptr;
        sqlite3_prepare_v2(connection.handle(), "SELECT fts5(?1)", -1, &raw, nullptr);
        const std::unique_ptr<sqlite3_stmt, FinalizeStatement> statement(raw);
        if (raw) {
            sqlite3_bind_pointer(raw, 1, &api, "fts5_api_ptr", nullptr);
            sqlite3_step(raw);
        }
        void* context = nullptr;
        if (!api || api->xFindTokenizer(api, name, &context, &functions_) != SQLITE_OK ||
            functions_.xCreate(context, arguments.data(), static_cast<int>(arguments.size()), &tokenizer_) != SQLITE_OK)
            store_failure(ErrorKind::Unsupported, "This SQLite was built without full-text search (FTS5).");
    }
    ~Tokenizer() { functions_.xDelete(tokenizer_); }
    Tokenizer(const Tokenizer&) = delete;
    Tokenizer& operator=(const Tokenizer&) = delete;

    std::vector<Token> tokens(std::string_view text) {
        Call call{text, {}};
        const int code = functions_.xTokenize(tokenizer_, &call, FTS5_TOKENIZE_QUERY, text.data(),
                                              static_cast<int>(text.size()), &take);
        if (code == SQLITE_NOMEM) throw std::bad_alloc();
        return std::move(call.tokens);
    }

private:
    struct Call {
        std::string_view text;
        std::vector<Token> tokens;
    };
    static int take(void* context, int, const char* token, int size, int start, int end) noexcept {
        auto& call = *static_cast<Call*>(context);
        try {
            call.tokens.push_back(
                {std::string(token, static_cast<size_t>(size)),
                 std::string(call.text.substr(static_cast<size_t>(start), static_cast<size_t>(end - start)))});
        } catch (...) { // no exception crosses SQLite
            return SQLITE_NOMEM;
        }
        return SQLITE_OK;
    }
    fts5_tokenizer functions_{};
    Fts5Tokenizer* tokenizer_ = nullptr;
};

struct QuotePair {
    std::string_view open, close;
};
constexpr std::array<QuotePair, 4> kQuotes = {
    {{"\"", "\""}, {"\u201C", "\u201D"}, {"\u201E", "\u201C"}, {"\u00AB", "\u00BB"}}};

/// Takes the first quoted stretch out of `text` at or after `from`; false when there is none.
bool take_quoted(std::string& text, size_t& from, std::string& quoted) {
    for (size_t at = from; at < text.size(); ++at)
        for (const QuotePair& q : kQuotes) {
            if (text.compare(at, q.open.size(), q.open) != 0) continue;
            const size_t inside = at + q.open.size();
            const size_t close = text.find(q.close, inside);
            if (close == std::string::npos) continue;
            quoted = text.substr(inside, close - inside);
            text.replace(at, close + q.close.size() - at, " ");
            from = at;
            return true;
        }
    return false;
}

/// How many chunks hold the stem.
int64_t document_frequency(Statement& row, const std::string& stem) {
    const int64_t count = row.bind(stem).step() ? row.integer(0) : 0;
    row.reset();
    return count;
}

std::string joined(const std::vector<Token>& tokens) {
    std::string phrase;
    for (size_t i = 0; i < std::min(tokens.size(), kMaxPhraseWords); ++i) {
        if (i > 0) phrase += ' ';
        phrase += tokens[i].source;
    }
    return phrase;
}

struct Candidate {
    std::string source, stem;
    int64_t frequency = 0;
};

void keep_rarest(Connection& connection, std::vector<Candidate>& candidates) {
    if (candidates.size() <= kMaxTerms) return;
    Statement row = connection.prepare("SELECT doc FROM words_vocabulary WHERE term = ?");
    for (Candidate& c : candidates) c.frequency = document_frequency(row, c.stem);
    // A word that occurs nowhere finds nothing: it must not push out one that does.
    std::erase_if(candidates, [](const Candidate& c) { return c.frequency == 0; });
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const auto& a, const auto& b) { return a.frequency < b.frequency; });
    if (candidates.size() > kMaxTerms) candidates.resize(kMaxTerms);
}

} // namespace

std::string LexicalQuery::expression() const {
    const auto quoted_list = [](const std::vector<std::string>& items, std::string_view between) {
        std::string list;
        for (const std::string& item : items) list += fmt::format("{}\"{}\"", list.empty() ? "" : between, item);
        return list;
    };
    if (phrases.empty()) return quoted_list(words, " OR ");
    if (words.empty()) return quoted_list(phrases, " AND ");
    // The phrases decide what is found; the words, of which none need occur, only its order.
    return fmt::format("{} AND (\"{}\" OR {})", quoted_list(phrases, " AND "), phrases.front(),
                       quoted_list(words, " OR "));
}

bool has_quoted_phrase(std::string_view text) {
    std::string rest(text.substr(0, kMaxQueryBytes));
    std::string quoted;
    for (size_t from = 0; take_quoted(rest, from, quoted);)
        if (std::any_of(quoted.begin(), quoted.end(), [](unsigned char c) { return std::isalnum(c) || c >= 0x80; }))
            return true;
    return false;
}

LexicalQuery parse_query(Connection& connection, std::string_view text) {
    text = text.substr(0, kMaxQueryBytes);
    std::string rest = to_valid_utf8(text.substr(0, complete_utf8_prefix(text)));
    Tokenizer folding(connection, "unicode61", {"remove_diacritics", "2"});
    Tokenizer stemming(connection, "porter", {"unicode61", "remove_diacritics", "2"});

    LexicalQuery query;
    std::string quoted;
    for (size_t from = 0; query.phrases.size() < kMaxPhrases && take_quoted(rest, from, quoted);) {
        std::string phrase = joined(folding.tokens(quoted));
        if (!phrase.empty()) query.phrases.push_back(std::move(phrase));
    }
    std::vector<Candidate> content, common;
    std::unordered_set<std::string> seen;
    for (Token& token : folding.tokens(rest)) {
        if (content.size() == kMaxCandidates) break;
        auto stems = stemming.tokens(token.source);
        if (stems.size() != 1 || !seen.insert(stems[0].folded).second) continue;
        auto& list = is_stop_word(token.folded) ? common : content;
        if (list.size() < kMaxCandidates) list.push_back({std::move(token.source), std::move(stems[0].folded)});
    }
    auto& candidates = content.empty() && query.phrases.empty() ? common : content;
    keep_rarest(connection, candidates);
    for (Candidate& c : candidates) query.words.push_back(std::move(c.source));
    return query;
}

} // namespace lectern
