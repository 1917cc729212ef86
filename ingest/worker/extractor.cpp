// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/worker/extractor.h"

#include "ingest/pdf/pdf_extractor.h"
#include "ingest/text/text_extractor.h"
#include "ingest/worker/sniff.h"

namespace lectern {

Parsed<std::unique_ptr<Extractor>> open_document(std::span<const char> bytes, const std::string& password) {
    const FileKind kind = sniff(bytes);
    switch (kind) {
    case FileKind::Pdf: return open_pdf(bytes, password);
    case FileKind::Text:
    case FileKind::Markdown: return open_text(bytes, kind);
    default: return ParseFailure::Unsupported;
    }
}

} // namespace lectern
