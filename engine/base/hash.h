// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// A 128-bit content hash (XXH3-128): identity of files, weights and segments. Not for secrets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <compare>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lectern {

struct Hash128 {
    uint64_t high = 0;
    uint64_t low = 0;
    auto operator<=>(const Hash128&) const = default;
    std::string hex() const; ///< 32 lower-case digits, high half first
    static std::optional<Hash128> from_hex(std::string_view text);
};

Hash128 hash128(std::span<const std::byte> bytes);
Hash128 hash128(std::string_view text);

/// The same hash over data that comes in pieces.
class Hasher {
public:
    Hasher();
    ~Hasher();
    Hasher(Hasher&&) noexcept;
    void update(std::span<const std::byte> bytes);
    void update(std::string_view text);
    Hash128 finish() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace lectern
