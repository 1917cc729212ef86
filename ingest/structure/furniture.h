// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Finds running headers, footers and page numbers: what a page repeats and nobody wrote for its place.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "ingest/document/document.h"

namespace lectern {

/// Judges windows of pages, one after the other. Decisions depend on texts and boxes only, and on the windows before.
class FurnitureFinder {
public:
    /// For every page, a flag a block. A block near the upper or lower edge is furniture if its text, digits aside, returns
    /// on enough pages of the window (on at least 3 and 40 % of its parity; on both pages of a short document; or was
    /// furniture before), or if it is nothing but a page number or
    /// the numbers of lines. A page never loses all its text.
    std::vector<std::vector<bool>> judge(std::span<const Page> window);

private:
    std::map<std::string, int> known_; ///< keys that were furniture in an earlier window
};

} // namespace lectern
