// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Documents made up for the tests: pages of words on lines, a section, chunks over them.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "retrieval/store/library.h"

namespace lectern {

struct MadeDocument {
    std::vector<Page> pages;
    std::vector<Section> sections;
    std::vector<Chunk> chunks;
};

/// One page for each text: words of `text` set on lines of five, one paragraph block, one chunk a page under one
/// section.
inline MadeDocument made_document(const std::vector<std::string>& texts, const std::string& title = "Heading") {
    MadeDocument made;
    made.sections.push_back({1, 0, 1, title, 1, 0});
    uint64_t start = 0;
    for (const std::string& text : texts) {
        Page page;
        page.number = static_cast<int>(made.pages.size()) + 1;
        page.label = "p" + std::to_string(page.number);
        page.source = text.empty() ? PageSource::Blank : PageSource::Text;
        page.width_pt = 595.28f;
        page.height_pt = 841.89f;
        page.text = text;
        page.blocks.push_back(
            {BlockKind::Paragraph, 0, static_cast<uint32_t>(text.size()), {0.1f, 0.1f, 0.9f, 0.5f}, 11.5f, true});
        for (size_t at = 0; at < text.size();) {
            const size_t end = std::min(text.find(' ', at), text.size());
            const auto n = static_cast<float>(page.words.size());
            const float x = 0.1f + 0.15f * static_cast<float>(page.words.size() % 5),
                        y = 0.1f + 0.02f * static_cast<float>(int(n) / 5);
            page.words.push_back(
                {static_cast<uint32_t>(at), static_cast<uint32_t>(end), {x, y, x + 0.14f, y + 0.015f}});
            at = end + 1;
        }
        if (!text.empty()) {
            Chunk chunk;
            chunk.ordinal = static_cast<int>(made.chunks.size()) + 1;
            chunk.start = start;
            chunk.end = start + text.size();
            chunk.first_page = chunk.last_page = page.number;
            chunk.section = 1;
            chunk.heading = title;
            chunk.text = text;
            made.chunks.push_back(chunk);
        }
        start += text.size() + 1;
        made.pages.push_back(std::move(page));
    }
    return made;
}

inline DocumentDraft draft_of(const std::string& name, const std::string& content = "content") {
    DocumentDraft draft;
    draft.path = "/papers/" + name;
    draft.name = name;
    draft.kind = "text";
    draft.hash = hash128(content + name);
    draft.bytes = content.size();
    draft.mtime_ns = 17;
    draft.extractor = "made/1";
    return draft;
}

inline DocumentId add_document(Library& library, const DocumentDraft& draft, const MadeDocument& made) {
    const auto id = library.begin_document(draft);
    ENSURE(id, "begin_document");
    const auto appended = library.append(*id, made.pages, made.sections, made.chunks);
    ENSURE(appended, appended ? "" : appended.error().message);
    const int n = static_cast<int>(made.pages.size());
    const auto finished = library.finish_document(*id, {Outcome::Ready, {n, 0, 0, 0}, "", ""});
    ENSURE(finished, "finish_document");
    return *id;
}

inline DocumentId add_text(Library& library, const std::string& name, const std::vector<std::string>& texts,
                           const std::string& title = "Heading") {
    return add_document(library, draft_of(name), made_document(texts, title));
}

} // namespace lectern
