// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// Values as text: str, repr and JSON. Brackets, commas and quotes get the mark of the container they belong to.

#include <cmath>

#include <fmt/format.h>

#include "engine/tokenizer/jinja/value.h"

namespace lectern::jinja {
namespace {

constexpr int kDepth = 64;
constexpr size_t kLongest = 16u << 20; // bytes

std::string number_text(double value, bool json) {
    if (std::isnan(value)) return json ? "NaN" : "nan";
    if (std::isinf(value)) return json ? (value < 0 ? "-Infinity" : "Infinity") : (value < 0 ? "-inf" : "inf");
    // Python's repr: the shortest digits that read back; exponents below -4 and from 16 on.
    const double magnitude = std::fabs(value);
    if (value != 0 && (magnitude < 1e-4 || magnitude >= 1e16)) {
        const std::string text = fmt::format("{:e}", value); // exponent form, but with six digits: find the shortest
        for (int digits = 0; digits <= 17; ++digits) {
            const std::string shorter = fmt::format("{:.{}e}", value, digits);
            if (std::stod(shorter) == value) return shorter;
        }
        return text;
    }
    const std::string text = fmt::format("{}", value);
    return text.find_first_of(".e") == text.npos ? text + ".0" : text;
}

/// The text of a value that is neither text nor container.
std::string scalar_text(const Value& value, bool json) {
    if (value.is_undefined()) return "";
    if (value.is_none()) return json ? "null" : "None";
    if (const bool* flag = value.get<bool>()) return json ? (*flag ? "true" : "false") : (*flag ? "True" : "False");
    if (const int64_t* number = value.get<int64_t>()) return fmt::format("{}", *number);
    if (const double* number = value.get<double>()) return number_text(*number, json);
    if (json) throw Failure{ErrorKind::Damaged, fmt::format("a {} cannot be written as JSON", type_name(value))};
    return fmt::format("<{}>", type_name(value));
}

/// Appends `text` between `quote`s, escaped by `escape`, each byte with its own mark.
template <class Escape>
void append_quoted(MarkedString& out, const MarkedString& text, char quote, Escape escape) {
    const bool frame = text.all_trusted();
    out.append(std::string_view(&quote, 1), frame);
    for (size_t at = 0; at < text.size(); ++at) out.append(escape(text.text()[at]), text.trusted_at(at));
    out.append(std::string_view(&quote, 1), frame);
}

MarkedString repr_of_text(const MarkedString& text) {
    const bool single = text.text().find('\'') != text.text().npos && text.text().find('"') == text.text().npos;
    const char quote = single ? '"' : '\'';
    MarkedString out;
    append_quoted(out, text, quote, [&](char c) -> std::string {
        if (c == '\n') return "\\n";
        if (c == '\r') return "\\r";
        if (c == '\t') return "\\t";
        if (c == '\\' || c == quote) return std::string("\\") + c;
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        return std::string(1, c);
    });
    return out;
}

MarkedString json_of_text(const MarkedString& text) {
    MarkedString out;
    append_quoted(out, text, '"', [](char c) -> std::string {
        switch (c) {
        case '"': return "\\\"";
        case '\\': return "\\\\";
        case '\n': return "\\n";
        case '\r': return "\\r";
        case '\t': return "\\t";
        case '\b': return "\\b";
        case '\f': return "\\f";
        default: break;
        }
        if (static_cast<unsigned char>(c) < 0x20) return fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        return std::string(1, c);
    });
    return out;
}

void check_depth(int depth) {
    if (depth > kDepth) throw Failure{ErrorKind::TooLarge, "a value is nested too deeply"};
}

/// Appends a member; a list may hold another many times, so the length is looked at as it grows.
void append_member(MarkedString& out, const MarkedString& member) {
    if (out.size() + member.size() > kLongest) throw Failure{ErrorKind::TooLarge, "the text of a value gets too long"};
    out.append(member);
}

/// What stands between the members of a JSON container.
struct Layout {
    std::string open, between, close;
    Layout(int indent, int depth) {
        if (indent < 0) {
            between = ", ";
            return;
        }
        const auto line = [&](int level) { return "\n" + std::string(static_cast<size_t>(indent) * level, ' '); };
        open = line(depth + 1);
        between = "," + open;
        close = line(depth);
    }
};

} // namespace

MarkedString to_text(const Value& value) { return value.text() ? *value.text() : to_repr(value); }

MarkedString to_repr(const Value& value, int depth) {
    check_depth(depth);
    if (const auto* text = value.text()) return repr_of_text(*text);
    const bool mark = value.trusted();
    MarkedString out;
    if (const auto* list = value.list()) {
        out.append(list->tuple ? "(" : "[", mark);
        for (size_t i = 0; i < list->items.size(); ++i) {
            if (i > 0) out.append(", ", mark);
            append_member(out, to_repr(list->items[i], depth + 1));
        }
        if (list->tuple && list->items.size() == 1) out.append(",", mark);
        out.append(list->tuple ? ")" : "]", mark);
        return out;
    }
    if (const auto* dict = value.dict()) {
        out.append("{", mark);
        for (size_t i = 0; i < dict->items.size(); ++i) {
            if (i > 0) out.append(", ", mark);
            out.append(repr_of_text(dict->items[i].first));
            out.append(": ", mark);
            append_member(out, to_repr(dict->items[i].second, depth + 1));
        }
        out.append("}", mark);
        return out;
    }
    return {scalar_text(value, false), mark};
}

MarkedString to_json(const Value& value, int indent, int depth) {
    check_depth(depth);
    if (const auto* text = value.text()) return json_of_text(*text);
    if (value.is_undefined()) throw Failure{ErrorKind::Damaged, "an undefined value cannot be written as JSON"};
    const bool mark = value.trusted();
    const Layout layout(indent, depth);
    MarkedString out;
    if (const auto* list = value.list()) {
        if (list->items.empty()) return {"[]", mark};
        out.append("[" + layout.open, mark);
        for (size_t i = 0; i < list->items.size(); ++i) {
            if (i > 0) out.append(layout.between, mark);
            append_member(out, to_json(list->items[i], indent, depth + 1));
        }
        out.append(layout.close + "]", mark);
        return out;
    }
    if (const auto* dict = value.dict()) {
        if (dict->items.empty()) return {"{}", mark};
        out.append("{" + layout.open, mark);
        for (size_t i = 0; i < dict->items.size(); ++i) {
            if (i > 0) out.append(layout.between, mark);
            out.append(json_of_text(dict->items[i].first));
            out.append(": ", mark);
            append_member(out, to_json(dict->items[i].second, indent, depth + 1));
        }
        out.append(layout.close + "}", mark);
        return out;
    }
    return {scalar_text(value, true), mark};
}

} // namespace lectern::jinja
