// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/tokenizer/spm.h"

#include <queue>

#include <fmt/format.h>

#include "engine/base/utf8.h"

namespace lectern {
namespace {

constexpr std::string_view kSpace = "▁"; // U+2581 stands for a space

} // namespace

/// One fragment while its pairs are merged: a linked list of stretches of the text and a queue of pairs, highest score
/// first, then leftmost. An entry is stale once one of its stretches changed. O(n log n).
class SpmTokenizer::Text {
public:
    Text(const SpmTokenizer& tokenizer, std::string_view text) : tokenizer_(tokenizer), text_(text) {
        for (size_t at = 0; at < text.size();) {
            const uint8_t size = decode_utf8(text, at).size;
            const auto n = static_cast<int32_t>(symbols_.size());
            symbols_.push_back({at, size, n - 1, n + 1});
            at += size;
        }
        if (!symbols_.empty()) symbols_.back().next = -1;
    }

    void encode(std::vector<TokenId>& ids) {
        for (int32_t i = 0; i + 1 < static_cast<int32_t>(symbols_.size()); ++i) offer(i);
        while (!queue_.empty()) {
            const Pair pair = queue_.top();
            queue_.pop();
            merge(pair);
        }
        for (int32_t i = symbols_.empty() ? -1 : 0; i >= 0; i = symbols_[i].next) {
            const std::string_view piece = text_.substr(symbols_[i].start, symbols_[i].size);
            const TokenId id = tokenizer_.vocabulary_->find_plain(piece);
            if (id >= 0) ids.push_back(id);
            else
                for (char byte : piece)
                    if (const TokenId b = tokenizer_.byte_ids_[static_cast<uint8_t>(byte)]; b >= 0) ids.push_back(b);
        }
    }

private:
    struct Symbol {
        size_t start, size; // size 0: part of its left neighbour
        int32_t previous, next;
    };
    struct Pair {
        float score;
        int32_t left, right;
        size_t size; // of both together
        bool operator<(const Pair& other) const { return score != other.score ? score < other.score : left > other.left; }
    };

    void offer(int32_t left) {
        const int32_t right = symbols_[left].next;
        if (right < 0) return;
        const size_t size = symbols_[left].size + symbols_[right].size;
        if (size > tokenizer_.longest_) return;
        const TokenId id = tokenizer_.vocabulary_->find_plain(text_.substr(symbols_[left].start, size));
        if (id >= 0) queue_.push({tokenizer_.vocabulary_->scores[id], left, right, size});
    }

    void merge(const Pair& pair) {
        Symbol& left = symbols_[pair.left];
        Symbol& right = symbols_[pair.right];
        if (left.size == 0 || right.size == 0 || left.size + right.size != pair.size) return;
        left.size = pair.size;
        right.size = 0;
        left.next = right.next;
        if (left.next >= 0) symbols_[left.next].previous = pair.left;
        if (left.previous >= 0) offer(left.previous);
        offer(pair.left);
    }

    const SpmTokenizer& tokenizer_;
    std::string_view text_;
    std::vector<Symbol> symbols_;
    std::priority_queue<Pair> queue_;
};

SpmTokenizer::SpmTokenizer(std::shared_ptr<const Vocabulary> vocabulary) : Tokenizer(std::move(vocabulary)) {
    for (int byte = 0; byte < 256; ++byte) {
        TokenId id = vocabulary_->find(fmt::format("<0x{:02X}>", byte));
        if (id < 0 || vocabulary_->kinds[id] == TokenKind::Control) id = vocabulary_->find_plain(std::string(1, char(byte)));
        byte_ids_[byte] = id >= 0 ? id : vocabulary_->unknown;
    }
    for (const std::string& text : vocabulary_->texts) longest_ = std::max(longest_, text.size());
}

void SpmTokenizer::encode_fragment(std::string_view text, bool first, std::vector<TokenId>& ids) const {
    std::string prepared;
    prepared.reserve(text.size() * 5 / 4 + kSpace.size());
    const bool has_space = text.starts_with(' ') || text.starts_with(kSpace);
    if (first && vocabulary_->add_space_prefix && !(has_space && vocabulary_->prefix_unless_space)) prepared += kSpace;
    for (char c : text)
        if (c == ' ') prepared += kSpace;
        else prepared += c;
    Text(*this, prepared).encode(ids);
}

std::string SpmTokenizer::bytes_of_normal(TokenId id) const {
    std::string_view text = vocabulary_->texts[id];
    std::string bytes;
    for (size_t at; (at = text.find(kSpace)) != text.npos; text.remove_prefix(at + kSpace.size()))
        (bytes += text.substr(0, at)) += ' ';
    return bytes += text;
}

} // namespace lectern
