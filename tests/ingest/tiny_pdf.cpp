// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "tests/ingest/tiny_pdf.h"

#include <fmt/format.h>

namespace lectern {
namespace {

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '(' || c == ')' || c == '\\')
            out += '\\';
        out += c;
    }
    return out;
}

std::string content_of(const PdfPage& page) {
    std::string content = page.drawing + "\n";
    for (const PdfLine& line : page.lines)
        content += fmt::format("BT /{} {} Tf 1 0 0 1 {} {} Tm ({}) Tj ET\n", line.bold ? "B" : "R", line.size, line.x,
                               page.height - line.y, escaped(line.text));
    return content;
}

} // namespace

std::string tiny_pdf(const std::vector<PdfPage>& pages, const std::string& title) {
    // 1 catalog, 2 page tree, 3 and 4 fonts, 5 information, then a page and its content in turn.
    std::vector<std::string> objects = {
        "<< /Type /Catalog /Pages 2 0 R >>", "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        fmt::format("<< /Title ({}) >>", escaped(title))};
    std::string kids;
    for (const PdfPage& page : pages) {
        const size_t number = objects.size() + 1;
        kids += fmt::format("{} 0 R ", number);
        objects.push_back(fmt::format("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {} {}] {} /Rotate {} /Contents {} 0 R "
                                      "/Resources << /Font << /R 3 0 R /B 4 0 R >> >> >>",
                                      page.width, page.height, page.crop.empty() ? "" : "/CropBox " + page.crop, page.rotate,
                                      number + 1));
        const std::string content = content_of(page);
        objects.push_back(fmt::format("<< /Length {} >>\nstream\n{}\nendstream", content.size(), content));
    }
    objects[1] = fmt::format("<< /Type /Pages /Kids [{}] /Count {} >>", kids, pages.size());
    std::string pdf = "%PDF-1.4\n";
    std::string table = fmt::format("xref\n0 {}\n0000000000 65535 f \n", objects.size() + 1);
    for (size_t i = 0; i < objects.size(); ++i) {
        table += fmt::format("{:010} 00000 n \n", pdf.size());
        pdf += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects[i]);
    }
    const size_t start = pdf.size();
    return pdf + table + fmt::format("trailer\n<< /Size {} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{}\n%%EOF\n", objects.size() + 1, start);
}

std::string tiny_pdf_of(const std::vector<std::string>& lines) {
    std::vector<PdfPage> pages;
    for (const std::string& line : lines) {
        PdfPage page;
        if (!line.empty())
            page.lines.push_back({72, 72, line, 11, false});
        pages.push_back(page);
    }
    return tiny_pdf(pages);
}

} // namespace lectern
