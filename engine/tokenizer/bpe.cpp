// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/tokenizer/bpe.h"

#include <queue>

#include <fmt/format.h>

#include "engine/base/log.h"
#include "engine/tokenizer/byte_alphabet.h"
#include "engine/tokenizer/unicode.h"

namespace lectern {

/// One word while its pairs are merged: a linked list of symbols and a queue of pairs, lowest rank first, then leftmost.
/// An entry of the queue is stale once one of its symbols changed. O(n log n).
class BpeTokenizer::Word {
public:
    explicit Word(const BpeTokenizer& tokenizer) : tokenizer_(tokenizer) {}

    void encode(std::string_view word, std::vector<TokenId>& ids) {
        symbols_.clear();
        for (char byte : word) {
            const TokenId id = tokenizer_.byte_ids_[static_cast<uint8_t>(byte)];
            const auto n = static_cast<int32_t>(symbols_.size());
            symbols_.push_back({id, n - 1, n + 1});
        }
        symbols_.back().next = -1;
        for (int32_t i = 0; i + 1 < static_cast<int32_t>(symbols_.size()); ++i) offer(i);
        while (!queue_.empty()) {
            const Pair pair = queue_.top();
            queue_.pop();
            merge(pair);
        }
        for (int32_t i = 0; i >= 0; i = symbols_[i].next)
            if (symbols_[i].id >= 0) ids.push_back(symbols_[i].id);
    }

private:
    struct Symbol {
        TokenId id; // kGone once it is part of its left neighbour; -1: a byte that the vocabulary lacks
        int32_t previous, next;
    };
    struct Pair {
        int32_t rank, left, right;
        TokenId left_id, right_id, result;
        bool operator>(const Pair& other) const {
            return rank != other.rank ? rank > other.rank : left > other.left;
        }
    };
    static constexpr TokenId kGone = -2;

    void offer(int32_t left) {
        const int32_t right = symbols_[left].next;
        if (right < 0) return;
        if (const Merge* m = tokenizer_.find_merge(symbols_[left].id, symbols_[right].id))
            queue_.push({m->rank, left, right, symbols_[left].id, symbols_[right].id, m->result});
    }

    void merge(const Pair& pair) {
        Symbol& left = symbols_[pair.left];
        Symbol& right = symbols_[pair.right];
        if (left.id != pair.left_id || right.id != pair.right_id || left.next != pair.right) return;
        left.id = pair.result;
        left.next = right.next;
        right.id = kGone;
        if (left.next >= 0) symbols_[left.next].previous = pair.left;
        if (left.previous >= 0) offer(left.previous);
        offer(pair.left);
    }

    const BpeTokenizer& tokenizer_;
    std::vector<Symbol> symbols_;
    std::priority_queue<Pair, std::vector<Pair>, std::greater<>> queue_;
};

BpeTokenizer::BpeTokenizer(std::shared_ptr<const Vocabulary> vocabulary, PreTokenizer pre_tokenizer, bool ignore_merges,
                           bool nfc)
    : Tokenizer(std::move(vocabulary)), pre_tokenizer_(std::move(pre_tokenizer)), ignore_merges_(ignore_merges),
      nfc_(nfc) {
    for (int byte = 0; byte < 256; ++byte) byte_ids_[byte] = vocabulary_->find_plain(letter_of_byte(uint8_t(byte)));
}

Result<std::shared_ptr<const Tokenizer>> BpeTokenizer::create(std::shared_ptr<const Vocabulary> vocabulary,
                                                              const PreTokenizerRule& rule, const Metadata& metadata) {
    const auto* merges = metadata.strings("tokenizer.ggml.merges");
    if (!merges)
        return Error{ErrorKind::Damaged, "The checkpoint's vocabulary lists no merges (tokenizer.ggml.merges); fetch the "
                                         "model again."};
    auto pre_tokenizer = PreTokenizer::create(rule);
    if (!pre_tokenizer) return pre_tokenizer.error();
    const bool nfc = metadata.text("lectern.tokenizer.normalizer") == "nfc";
    std::shared_ptr<BpeTokenizer> tokenizer(
        new BpeTokenizer(std::move(vocabulary), std::move(*pre_tokenizer), rule.ignore_merges, nfc));
    tokenizer->add_merges(*merges);
    return std::shared_ptr<const Tokenizer>(std::move(tokenizer));
}

void BpeTokenizer::add_merges(const std::vector<std::string>& merges) {
    merges_.reserve(merges.size());
    size_t useless = 0;
    for (size_t rank = 0; rank < merges.size(); ++rank) {
        const std::string& merge = merges[rank];
        const size_t space = merge.find(' ', 1);
        if (space == merge.npos) {
            ++useless;
            continue;
        }
        const std::string_view left = std::string_view(merge).substr(0, space);
        const std::string_view right = std::string_view(merge).substr(space + 1);
        const TokenId a = vocabulary_->find_plain(left), b = vocabulary_->find_plain(right);
        const TokenId result = vocabulary_->find_plain(fmt::format("{}{}", left, right));
        if (a < 0 || b < 0 || result < 0) ++useless;
        else merges_.try_emplace(uint64_t(a) << 32 | uint32_t(b), Merge{static_cast<int32_t>(rank), result});
    }
    if (useless > 0) log("engine").warning(fmt::format("{} of {} merges name no tokens: ignored", useless, merges.size()));
}

const BpeTokenizer::Merge* BpeTokenizer::find_merge(TokenId left, TokenId right) const {
    if (left < 0 || right < 0) return nullptr;
    const auto found = merges_.find(uint64_t(left) << 32 | uint32_t(right));
    return found == merges_.end() ? nullptr : &found->second;
}

void BpeTokenizer::encode_fragment(std::string_view text, bool, std::vector<TokenId>& ids) const {
    std::string composed;
    if (nfc_) text = composed = to_nfc(text);
    Word word(*this);
    std::string letters;
    for (std::string_view piece : pre_tokenizer_.split(text)) {
        if (ignore_merges_) {
            letters.clear();
            for (char byte : piece) letters += letter_of_byte(static_cast<uint8_t>(byte));
            if (const TokenId whole = vocabulary_->find_plain(letters); whole >= 0) {
                ids.push_back(whole);
                continue;
            }
        }
        word.encode(piece, ids);
    }
}

std::string BpeTokenizer::bytes_of_normal(TokenId id) const { return bytes_of_letters(vocabulary_->texts[id]); }

} // namespace lectern
