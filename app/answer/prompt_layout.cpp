// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/answer/prompt_layout.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/file.h"

namespace lectern {
namespace fs = std::filesystem;
namespace {

constexpr uint64_t kMaxCardBytes = 1 << 20;

template <class T>
void take(const nlohmann::json& prompt, const char* key, T& into) {
    if (const auto it = prompt.find(key); it != prompt.end() && !it->is_null()) into = it->get<T>();
}

Result<void> merge(const fs::path& file, PromptLayout& layout) {
    const auto text = read_file(file, kMaxCardBytes);
    if (!text) return text.error();
    const nlohmann::json card = nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false);
    try {
        const nlohmann::json& prompt = card.at("prompt");
        take(prompt, "system", layout.system);
        take(prompt, "passages_template", layout.passages_template);
        take(prompt, "document_template", layout.document_template);
        take(prompt, "passages", layout.passages);
        take(prompt, "passages_tokens", layout.passages_tokens);
        take(prompt, "writes_marks", layout.writes_marks);
        take(prompt, "not_found", layout.not_found);
        take(prompt, "max_answer_tokens", layout.max_answer_tokens);
    } catch (const nlohmann::json::exception&) {
        return Error{ErrorKind::Damaged, fmt::format("{} does not describe a prompt as docs/prompt_layout.md says.", file.string())};
    }
    return {};
}

} // namespace

Result<PromptLayout> PromptLayout::load(const fs::path& model, const fs::path& resources) {
    PromptLayout layout;
    if (auto merged = merge(resources / "prompts" / "grounded.json", layout); !merged) return merged.error();
    std::error_code ec;
    const fs::path card = (fs::is_directory(model, ec) ? model : model.parent_path()) / "card.json";
    if (fs::exists(card, ec))
        if (auto merged = merge(card, layout); !merged) return merged.error();
    if (layout.passages_template.empty() || layout.document_template.empty() || layout.passages < 1)
        return Error{ErrorKind::Damaged, fmt::format("{} lacks a template for passages or documents.", card.string())};
    return layout;
}

} // namespace lectern
