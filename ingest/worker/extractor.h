// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// One document of any kind, as lectern-parse asks it for pages. Lives inside the confined process only.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <variant>

#include "ingest/document/document.h"
#include "ingest/worker/parse_values.h"

namespace lectern {

template <class T>
using Parsed = std::variant<T, ParseFailure>;

class Extractor {
public:
    virtual ~Extractor() = default;
    virtual FileInfo info() const = 0;
    /// Page `number`, from 1 to info().pages; Failed where the file does not yield it.
    virtual Page page(int number) = 0;
    /// The page `width_px` wide, or less where it is so tall that the picture would pass the protocol's caps.
    virtual Parsed<PageImage> render(int number, int width_px) = 0;
};

/// Opens a document by its content. `bytes` outlives the extractor; `password` may be empty.
Parsed<std::unique_ptr<Extractor>> open_document(std::span<const char> bytes, const std::string& password);

} // namespace lectern
