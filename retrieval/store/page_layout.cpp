// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "retrieval/store/page_layout.h"

#include <zstd.h>

#include <array>
#include <bit>
#include <cstring>

namespace lectern {
namespace {

static_assert(std::endian::native == std::endian::little,
              "the layout is little-endian and written as it lies in memory");

constexpr uint32_t kVersion = 1;
constexpr int kLevel = 3;
constexpr size_t kMaxRawBytes =
    64u << 20; // 2 MB of text a page, at most a word per two bytes, 24 bytes a word, and room
constexpr size_t kWordColumns = 6;
constexpr size_t kBlockColumns = 8;

// A row is a word or a block as 32-bit numbers; rows are stored column after column, each column in 4 byte planes.
template <size_t N> using Row = std::array<uint32_t, N>;

uint32_t bits(float value) { return std::bit_cast<uint32_t>(value); }
float real(uint32_t value) { return std::bit_cast<float>(value); }

template <size_t N> void put_planes(std::vector<std::byte>& to, const std::vector<Row<N>>& rows) {
    for (size_t column = 0; column < N; ++column)
        for (int plane = 0; plane < 4; ++plane)
            for (const auto& row : rows) to.push_back(static_cast<std::byte>(row[column] >> (8 * plane)));
}

template <size_t N> std::vector<Row<N>> take_planes(std::span<const std::byte> from, size_t count) {
    std::vector<Row<N>> rows(count, Row<N>{});
    size_t at = 0;
    for (size_t column = 0; column < N; ++column)
        for (int plane = 0; plane < 4; ++plane)
            for (auto& row : rows) row[column] |= static_cast<uint32_t>(from[at++]) << (8 * plane);
    return rows;
}

void put_u32(std::vector<std::byte>& to, uint32_t value) {
    for (int plane = 0; plane < 4; ++plane) to.push_back(static_cast<std::byte>(value >> (8 * plane)));
}

uint32_t get_u32(std::span<const std::byte> from, size_t at) {
    uint32_t value = 0;
    std::memcpy(&value, from.data() + at, 4);
    return value;
}

Error damaged(int page) {
    return {ErrorKind::Damaged,
            "The stored layout of page " + std::to_string(page) + " is damaged; remove the document and add it again."};
}

} // namespace

std::vector<std::byte> encode_layout(const Page& page) {
    std::vector<Row<kBlockColumns>> blocks;
    for (const Block& b : page.blocks)
        blocks.push_back({static_cast<uint32_t>(b.kind) | (b.bold ? 0x100u : 0u), b.start, b.end, bits(b.box.x0),
                          bits(b.box.y0), bits(b.box.x1), bits(b.box.y1), bits(b.font_size)});
    std::vector<Row<kWordColumns>> words;
    uint32_t previous = 0;
    for (const Word& w : page.words) {
        words.push_back(
            {w.start - previous, w.end - w.start, bits(w.box.x0), bits(w.box.y0), bits(w.box.x1), bits(w.box.y1)});
        previous = w.start;
    }
    std::vector<std::byte> raw;
    raw.reserve(12 + blocks.size() * kBlockColumns * 4 + words.size() * kWordColumns * 4);
    put_u32(raw, kVersion);
    put_u32(raw, static_cast<uint32_t>(blocks.size()));
    put_u32(raw, static_cast<uint32_t>(words.size()));
    put_planes(raw, blocks);
    put_planes(raw, words);

    std::vector<std::byte> packed(ZSTD_compressBound(raw.size()));
    const size_t size = ZSTD_compress(packed.data(), packed.size(), raw.data(), raw.size(), kLevel);
    ENSURE(!ZSTD_isError(size), ZSTD_getErrorName(size));
    packed.resize(size);
    return packed;
}

Result<void> decode_layout(std::span<const std::byte> bytes, Page& page) {
    const unsigned long long raw_size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    if (raw_size == ZSTD_CONTENTSIZE_ERROR || raw_size == ZSTD_CONTENTSIZE_UNKNOWN || raw_size < 12 ||
        raw_size > kMaxRawBytes)
        return damaged(page.number);
    std::vector<std::byte> raw(static_cast<size_t>(raw_size));
    if (ZSTD_decompress(raw.data(), raw.size(), bytes.data(), bytes.size()) != raw.size()) return damaged(page.number);
    const std::span<const std::byte> view(raw);
    const uint64_t n_blocks = get_u32(view, 4), n_words = get_u32(view, 8);
    const uint64_t block_bytes = n_blocks * kBlockColumns * 4, word_bytes = n_words * kWordColumns * 4;
    if (get_u32(view, 0) != kVersion || 12 + block_bytes + word_bytes != raw_size) return damaged(page.number);

    const auto inside = [&](uint32_t start, uint32_t end) { return start <= end && end <= page.text.size(); };
    page.blocks.clear();
    for (const auto& r : take_planes<kBlockColumns>(view.subspan(12), n_blocks)) {
        const uint32_t kind = r[0] & 0xff;
        if (kind > static_cast<uint32_t>(BlockKind::Furniture) || !inside(r[1], r[2])) return damaged(page.number);
        page.blocks.push_back({static_cast<BlockKind>(kind),
                               r[1],
                               r[2],
                               {real(r[3]), real(r[4]), real(r[5]), real(r[6])},
                               real(r[7]),
                               (r[0] & 0x100) != 0});
    }
    page.words.clear();
    uint32_t start = 0;
    for (const auto& r : take_planes<kWordColumns>(view.subspan(12 + block_bytes), n_words)) {
        start += r[0];
        if (!inside(start, start + r[1])) return damaged(page.number);
        page.words.push_back({start, start + r[1], {real(r[2]), real(r[3]), real(r[4]), real(r[5])}});
    }
    return {};
}

} // namespace lectern
