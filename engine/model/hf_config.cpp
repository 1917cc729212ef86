// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/model/hf_config.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/file.h"

namespace lectern {
namespace {

constexpr uint64_t kMaxConfigBytes = 16 << 20;

/// Python writes Infinity, -Infinity and NaN, which are no JSON; outside of strings they become null.
std::string without_bare_floats(const std::string& text) {
    std::string out;
    bool in_string = false;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"' && (i == 0 || text[i - 1] != '\\')) in_string = !in_string;
        if (!in_string) {
            const std::string_view rest = std::string_view(text).substr(i);
            if (rest.starts_with("-Infinity")) {
                out += "{\"__float__\":\"-Infinity\"}";
                i += 8;
                continue;
            }
            if (rest.starts_with("Infinity")) {
                out += "{\"__float__\":\"Infinity\"}";
                i += 7;
                continue;
            }
            if (rest.starts_with("NaN")) {
                out += "null";
                i += 2;
                continue;
            }
        }
        out += text[i];
    }
    return out;
}

std::optional<double> to_number(const nlohmann::json& value) {
    if (value.is_number()) return value.get<double>();
    if (value.is_object() && value.contains("__float__") && value["__float__"].is_string()) {
        const auto& name = value["__float__"].get_ref<const std::string&>();
        if (name == "Infinity") return std::numeric_limits<double>::infinity();
        if (name == "-Infinity") return -std::numeric_limits<double>::infinity();
    }
    return std::nullopt;
}

} // namespace

struct HfConfig::Json {
    nlohmann::json root;
    const nlohmann::json* find(std::string_view key) const {
        const auto it = root.find(key);
        return it == root.end() || it->is_null() ? nullptr : &*it;
    }
    const nlohmann::json* find(std::string_view outer, std::string_view key) const {
        const auto* object = find(outer);
        if (!object || !object->is_object()) return nullptr;
        const auto it = object->find(key);
        return it == object->end() || it->is_null() ? nullptr : &*it;
    }
};

Result<HfConfig> HfConfig::parse(std::string text, std::string_view name) {
    auto json = std::make_shared<Json>();
    json->root = nlohmann::json::parse(without_bare_floats(text), nullptr, /*allow_exceptions=*/false);
    if (!json->root.is_object())
        return Error{ErrorKind::Damaged, fmt::format("{} is not a JSON object; the model cannot be read.", name)};
    HfConfig config;
    config.json_ = std::move(json);
    return config;
}

Result<HfConfig> HfConfig::read(const std::filesystem::path& file) {
    auto text = read_file(file, kMaxConfigBytes);
    if (!text) return text.error();
    return parse(std::move(*text), file.string());
}

std::optional<int64_t> HfConfig::integer(std::string_view key) const {
    const auto* value = json_->find(key);
    if (!value || !value->is_number_integer()) return std::nullopt;
    return value->get<int64_t>();
}

std::optional<double> HfConfig::number(std::string_view key) const {
    const auto* value = json_->find(key);
    return value ? to_number(*value) : std::nullopt;
}

std::optional<bool> HfConfig::boolean(std::string_view key) const {
    const auto* value = json_->find(key);
    if (!value || !value->is_boolean()) return std::nullopt;
    return value->get<bool>();
}

std::optional<std::string> HfConfig::text(std::string_view key) const {
    const auto* value = json_->find(key);
    if (!value || !value->is_string()) return std::nullopt;
    return value->get<std::string>();
}

std::vector<std::string> HfConfig::texts(std::string_view key) const {
    std::vector<std::string> list;
    const auto* value = json_->find(key);
    if (value && value->is_array())
        for (const auto& item : *value)
            if (item.is_string()) list.push_back(item.get<std::string>());
    return list;
}

bool HfConfig::has(std::string_view key) const { return json_->find(key) != nullptr; }

std::optional<double> HfConfig::nested_number(std::string_view outer, std::string_view key) const {
    const auto* value = json_->find(outer, key);
    return value ? to_number(*value) : std::nullopt;
}

std::optional<std::string> HfConfig::nested_text(std::string_view outer, std::string_view key) const {
    const auto* value = json_->find(outer, key);
    if (!value || !value->is_string()) return std::nullopt;
    return value->get<std::string>();
}

} // namespace lectern
