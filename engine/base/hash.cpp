// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/base/hash.h"

#include <charconv>

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

namespace lectern {

static Hash128 from_xxh(XXH128_hash_t h) { return {h.high64, h.low64}; }

std::string Hash128::hex() const { return fmt::format("{:016x}{:016x}", high, low); }

std::optional<Hash128> Hash128::from_hex(std::string_view text) {
    if (text.size() != 32) return std::nullopt;
    Hash128 hash;
    const char* middle = text.data() + 16;
    const char* end = text.data() + 32;
    const auto a = std::from_chars(text.data(), middle, hash.high, 16);
    const auto b = std::from_chars(middle, end, hash.low, 16);
    if (a.ec != std::errc() || b.ec != std::errc() || a.ptr != middle || b.ptr != end) return std::nullopt;
    return hash;
}

Hash128 hash128(std::span<const std::byte> bytes) { return from_xxh(XXH3_128bits(bytes.data(), bytes.size())); }
Hash128 hash128(std::string_view text) { return from_xxh(XXH3_128bits(text.data(), text.size())); }

struct Hasher::State {
    alignas(64) XXH3_state_t xxh;
};

Hasher::Hasher() : state_(new State) { XXH3_128bits_reset(&state_->xxh); }
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
void Hasher::update(std::span<const std::byte> bytes) { XXH3_128bits_update(&state_->xxh, bytes.data(), bytes.size()); }
void Hasher::update(std::string_view text) { XXH3_128bits_update(&state_->xxh, text.data(), text.size()); }
Hash128 Hasher::finish() const { return from_xxh(XXH3_128bits_digest(&state_->xxh)); }

} // namespace lectern
