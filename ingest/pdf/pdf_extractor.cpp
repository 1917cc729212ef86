// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/pdf/pdf_extractor.h"

#include <poppler-document.h>
#include <poppler-page-renderer.h>
#include <poppler-page.h>

#include <algorithm>
#include <cctype>
#include <climits>
#include <cmath>

#include "engine/base/utf8.h"
#include "ingest/structure/page_layout.h"
#include "ingest/structure/word_text.h"
#include "ingest/worker/protocol.h"

namespace lectern {
namespace {

/// Poppler's own conversion opens an iconv for every word; a ustring is UTF-16.
std::string to_utf8(const poppler::ustring& text) {
    std::string out;
    out.reserve(text.size());
    for (size_t i = 0; i < text.size(); ++i) {
        char32_t code = text[i];
        if (code >= 0xD800 && code < 0xDC00 && i + 1 < text.size() && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000)
            code = 0x10000 + ((code - 0xD800) << 10) + (text[++i] - 0xDC00u);
        append_utf8(out, code >= 0xD800 && code < 0xE000 ? kReplacementCharacter : code);
    }
    return out;
}

std::string clipped(std::string text, size_t limit) {
    if (text.size() > limit) {
        text.resize(limit);
        text.resize(complete_utf8_prefix(text));
    }
    return text;
}

std::string lower_ascii(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

bool is_bold_font(const std::string& name) {
    const std::string lower = lower_ascii(name);
    for (const char* mark : {"bold", "black", "heavy", "demi", "cmbx", "sfbx"})
        if (lower.find(mark) != std::string::npos)
            return true;
    return lower.ends_with("-bd") || lower.ends_with("-b");
}

/// What word processors put there by themselves is no title.
std::string usable_title(std::string title) {
    const std::string lower = lower_ascii(title);
    if (lower.starts_with("microsoft ") || lower.starts_with("untitled") || lower == "(anonymous)" || lower == "unspecified")
        return {};
    for (const char* ending : {".doc", ".docx", ".pdf", ".dvi", ".indd", ".qxd", ".rtf", ".tex", ".ps", ".odt"})
        if (lower.ends_with(ending))
            return {};
    return title;
}

std::string to_latin1(std::string_view utf8) {
    std::string out;
    for (size_t at = 0; at < utf8.size();) {
        const Utf8Char c = decode_utf8(utf8, at);
        at += c.size;
        if (c.code > 0xFF)
            return {};
        out += static_cast<char>(c.code);
    }
    return out;
}

class PdfExtractor final : public Extractor {
public:
    /// `salvaged` holds the bytes of a document that does not lie in the file as it is.
    PdfExtractor(std::unique_ptr<poppler::document> document, std::unique_ptr<std::string> salvaged)
        : salvaged_(std::move(salvaged)), document_(std::move(document)) {}

    FileInfo info() const override {
        FileInfo info;
        info.kind = FileKind::Pdf;
        info.pages = document_->pages();
        info.title = clipped(usable_title(clean_word_text(to_utf8(document_->get_title()))), kMaxMetadataBytes);
        info.author = clipped(clean_word_text(to_utf8(document_->get_author())), kMaxMetadataBytes);
        return info;
    }

    Page page(int number) override {
        const std::unique_ptr<poppler::page> source(document_->create_page(number - 1));
        Page page;
        if (source) {
            const auto [width, height] = shown_size(*source);
            if (width > 0 && height > 0)
                page = layout_page(words(*source), width, height);
            else
                page.source = PageSource::Failed;
            page.label = clipped(clean_word_text(to_utf8(source->label())), kMaxLabelBytes);
        } else {
            page.source = PageSource::Failed;
        }
        if (salvaged_ && page.source == PageSource::Blank)
            page.source = PageSource::Failed; // its content may be what was lost
        page.number = number;
        if (page.label.empty())
            page.label = std::to_string(number);
        return page;
    }

    Parsed<PageImage> render(int number, int width_px) override {
        const std::unique_ptr<poppler::page> source(document_->create_page(number - 1));
        if (!source)
            return ParseFailure::NoSuchPage;
        const auto [width, height] = shown_size(*source);
        if (!(width > 0 && height > 0))
            return ParseFailure::Damaged;
        // Poppler rounds each side up, hence a pixel less than the caps.
        double scale = width_px / static_cast<double>(width);
        scale = std::min({scale, (kMaxImageSide - 1) / static_cast<double>(width), (kMaxImageSide - 1) / static_cast<double>(height)});
        const double pixels = scale * width * scale * height;
        if (pixels > kMaxImagePixels * 0.95)
            scale *= std::sqrt(kMaxImagePixels * 0.95 / pixels);
        poppler::page_renderer renderer;
        renderer.set_render_hint(poppler::page_renderer::antialiasing, true);
        renderer.set_render_hint(poppler::page_renderer::text_antialiasing, true);
        renderer.set_image_format(poppler::image::format_rgb24);
        const poppler::image image = renderer.render_page(source.get(), 72 * scale, 72 * scale);
        if (!image.is_valid() || image.format() != poppler::image::format_rgb24)
            return ParseFailure::Damaged;
        PageImage out{image.width(), image.height(), {}};
        const size_t row = 3 * static_cast<size_t>(image.width());
        out.rgb.reserve(row * static_cast<size_t>(image.height()));
        for (int y = 0; y < image.height(); ++y)
            out.rgb.append(image.const_data() + static_cast<std::ptrdiff_t>(y) * image.bytes_per_row(), row);
        return out;
    }

private:
    /// Width and height in points after /Rotate. page_rect() is the crop box as it lies in the file.
    static std::pair<float, float> shown_size(const poppler::page& page) {
        const poppler::rectf box = page.page_rect(poppler::crop_box);
        const auto width = static_cast<float>(std::abs(box.width())), height = static_cast<float>(std::abs(box.height()));
        const auto orientation = page.orientation();
        const bool turned = orientation == poppler::page::landscape || orientation == poppler::page::seascape;
        return turned ? std::pair{height, width} : std::pair{width, height};
    }

    /// text_list gives places in the crop box as shown, with /Rotate applied.
    static std::vector<RawWord> words(const poppler::page& page) {
        std::vector<RawWord> words;
        std::string font_name;
        bool font_bold = false;
        for (const poppler::text_box& box : page.text_list(poppler::page::text_list_include_font)) {
            RawWord word;
            word.text = logical_from_visual(clean_word_text(to_utf8(box.text()))); // Poppler's words are in visual order
            word.space_after = box.has_space_after();
            const poppler::rectf at = box.bbox();
            word.x0 = static_cast<float>(at.left());
            word.y0 = static_cast<float>(at.top());
            word.x1 = static_cast<float>(at.right());
            word.y1 = static_cast<float>(at.bottom());
            word.rotation = box.rotation();
            if (box.has_font_info()) {
                word.font_size = static_cast<float>(box.get_font_size());
                if (std::string name = box.get_font_name(); name != font_name) {
                    font_bold = is_bold_font(name);
                    font_name = std::move(name);
                }
                word.bold = font_bold;
            }
            words.push_back(std::move(word));
        }
        return words;
    }

    std::unique_ptr<std::string> salvaged_;
    std::unique_ptr<poppler::document> document_;
};

constexpr size_t kMaxSalvagedBytes = 256u << 20; // the copy counts against the memory limit

/// A file that has lost its end has lost the pointer to its catalog; Poppler finds the other objects by itself. A copy with
/// a new end that points to the last catalog in the file; empty where there is none, or where the lost end held a key.
std::string with_new_end(std::string_view bytes) {
    if (bytes.size() > kMaxSalvagedBytes || bytes.find("/Encrypt") != std::string_view::npos)
        return {};
    size_t at = bytes.rfind("/Catalog");
    at = at == std::string_view::npos ? at : bytes.rfind(" obj", at);
    if (at == std::string_view::npos)
        return {};
    const auto is_digit = [&](size_t i) { return bytes[i] >= '0' && bytes[i] <= '9'; };
    size_t generation = at; // "12 0 obj": back over the 0, the space and the 12
    while (generation > 0 && is_digit(generation - 1))
        --generation;
    if (generation == at || generation < 2 || bytes[generation - 1] != ' ')
        return {};
    size_t number = generation - 1;
    while (number > 0 && is_digit(number - 1))
        --number;
    if (number == generation - 1)
        return {};
    return std::string(bytes) + "\ntrailer\n<< /Root " + std::string(bytes.substr(number, at - number)) +
           " R /Size 1 >>\nstartxref\n0\n%%EOF\n";
}

std::unique_ptr<poppler::document> load(std::span<const char> bytes, const std::string& password) {
    return std::unique_ptr<poppler::document>(
        poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size()), password, password));
}

} // namespace

Parsed<std::unique_ptr<Extractor>> open_pdf(std::span<const char> bytes, const std::string& password) {
    poppler::set_debug_error_function([](const std::string&, void*) {}, nullptr);
    // Poppler looks for the header in the first 1,024 bytes only; offsets count from the header.
    const std::string_view all(bytes.data(), bytes.size());
    if (const size_t header = all.find("%PDF-"); header != std::string_view::npos && header >= 1024)
        bytes = bytes.subspan(header);
    if (bytes.size() > INT_MAX)
        return ParseFailure::TooLarge;
    std::unique_ptr<poppler::document> document = load(bytes, password);
    if (document && document->is_locked()) // before PDF 2.0 passwords are in an 8-bit code
        if (const std::string latin1 = to_latin1(password); !latin1.empty() && latin1 != password)
            document = load(bytes, latin1);
    std::unique_ptr<std::string> salvaged;
    if (!document) {
        salvaged = std::make_unique<std::string>(with_new_end({bytes.data(), bytes.size()}));
        document = salvaged->empty() ? nullptr : load(*salvaged, password);
    }
    if (!document)
        return ParseFailure::Damaged;
    if (document->is_locked())
        return ParseFailure::Locked;
    if (document->pages() > kMaxPages)
        return ParseFailure::TooLarge;
    return std::unique_ptr<Extractor>(std::make_unique<PdfExtractor>(std::move(document), std::move(salvaged)));
}

} // namespace lectern
