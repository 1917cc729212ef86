// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/model/families/families.h"

namespace lectern {

static constexpr Family kFamilies[] = {
    {"granitehybrid", "granitemoehybrid", import_granite_hybrid, build_granite_hybrid},
    {"bert", "bert", import_bert, nullptr},
};

std::span<const Family> families() { return kFamilies; }

const Family* family_of_architecture(std::string_view gguf_architecture) {
    for (const Family& family : kFamilies)
        if (family.gguf_architecture == gguf_architecture) return &family;
    return nullptr;
}

const Family* family_of_model_type(std::string_view hf_model_type) {
    for (const Family& family : kFamilies)
        if (family.hf_model_type == hf_model_type) return &family;
    return nullptr;
}

std::string known_architectures() {
    std::string names;
    for (const Family& family : kFamilies) {
        if (!names.empty()) names += ", ";
        names += family.gguf_architecture;
    }
    return names;
}

} // namespace lectern
