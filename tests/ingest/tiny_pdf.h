// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Small PDF files made by hand, so that a test says what is on which page.
#pragma once

#include <string>
#include <vector>

namespace lectern {

/// A line of text in Helvetica; `y` in points from the top of the unrotated page.
struct PdfLine {
    double x = 72, y = 72;
    std::string text; ///< ASCII
    double size = 11;
    bool bold = false;
};

struct PdfPage {
    std::vector<PdfLine> lines = {};
    int width = 612, height = 792;
    int rotate = 0;
    std::string crop = {};     ///< "[0 396 612 792]" or empty
    std::string drawing = {};  ///< content operators before the text
};

/// A whole, correct file.
std::string tiny_pdf(const std::vector<PdfPage>& pages, const std::string& title = {});

/// Pages with one line each.
std::string tiny_pdf_of(const std::vector<std::string>& lines);

} // namespace lectern
