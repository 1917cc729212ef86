// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/formats/json_text.h"

#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace lectern {
namespace {

using nlohmann::json;

/// Receives the parser's events and builds the value.
class Builder {
public:
    Builder(const JsonLimits& limits, json& root) : limits_(limits), root_(root) {}

    const std::string& problem() const { return problem_; }
    bool too_large() const { return too_large_; }

    bool null() { return add(nullptr); }
    bool boolean(bool value) { return add(value); }
    bool number_integer(json::number_integer_t value) { return add(value); }
    bool number_unsigned(json::number_unsigned_t value) { return add(value); }
    bool number_float(json::number_float_t value, const json::string_t&) { return add(value); }
    bool string(json::string_t& value) { return fits(value) && add(std::move(value)); }
    bool binary(json::binary_t&) { return stop("binary data", false); }
    bool start_object(size_t) { return open(json::object()); }
    bool start_array(size_t) { return open(json::array()); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool key(json::string_t& name) {
        if (!fits(name)) return false;
        if (stack_.back()->contains(name)) return stop("a key occurs twice in an object", false);
        key_ = std::move(name);
        return true;
    }
    bool parse_error(size_t at, const std::string&, const nlohmann::detail::exception&) {
        return stop(fmt::format("it is not JSON at byte {}", at), false);
    }

private:
    bool stop(std::string problem, bool too_large) {
        problem_ = std::move(problem);
        too_large_ = too_large;
        return false;
    }
    bool fits(const std::string& text) {
        return text.size() <= limits_.string_bytes || stop("a string is too long", true);
    }
    /// Where the next value goes: the root, the end of an array, or under the last key.
    json* place(json value) {
        if (stack_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        json& parent = *stack_.back();
        if (parent.is_array()) {
            parent.push_back(std::move(value));
            return &parent.back();
        }
        return &(parent[std::move(key_)] = std::move(value));
    }
    bool add(json value) {
        if (++values_ > limits_.values) return stop("it holds too many values", true);
        place(std::move(value));
        return true;
    }
    bool open(json empty) {
        if (stack_.size() >= limits_.depth) return stop("it is nested too deeply", true);
        if (++values_ > limits_.values) return stop("it holds too many values", true);
        stack_.push_back(place(std::move(empty)));
        return true;
    }
    bool close() {
        stack_.pop_back();
        return true;
    }

    const JsonLimits limits_;
    json& root_;
    std::vector<json*> stack_; // an array's end moves only while its last element is closed, so these stay valid
    std::string key_;
    size_t values_ = 0;
    std::string problem_;
    bool too_large_ = false;
};

} // namespace

Result<json> parse_json(std::string_view text, const std::filesystem::path& file, const JsonLimits& limits) {
    json root;
    Builder builder(limits, root);
    if (!json::sax_parse(text.begin(), text.end(), &builder))
        return Error{builder.too_large() ? ErrorKind::TooLarge : ErrorKind::Damaged,
                     fmt::format("{} cannot be read: {}.", file.string(), builder.problem())};
    return root;
}

} // namespace lectern
