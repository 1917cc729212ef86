// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/kernels/linear/linear.h"

#include <vector>

namespace lectern {

void linear_ref(const LinearArgs& a) {
    std::vector<float> row(static_cast<size_t>(a.weight.cols));
    for (int64_t n = 0; n < a.weight.rows; ++n) {
        const auto* stored = static_cast<const std::byte*>(a.weight.data) + static_cast<size_t>(n) * a.weight.row_stride();
        dequantize_row(a.weight.type, stored, row.data(), row.size());
        for (int64_t t = 0; t < a.tokens; ++t) {
            double sum = a.bias ? a.bias[n] : 0.0;
            for (int64_t k = 0; k < a.weight.cols; ++k) sum += double(a.x[t * a.weight.cols + k]) * row[size_t(k)];
            a.y[t * a.y_stride + n] = static_cast<float>(sum);
        }
    }
}

void embed_rows_ref(const EmbedRowsArgs& a) {
    for (int64_t t = 0; t < a.tokens; ++t) {
        float* y = a.y + t * a.weight.cols;
        const auto* stored =
            static_cast<const std::byte*>(a.weight.data) + static_cast<size_t>(a.ids[t]) * a.weight.row_stride();
        dequantize_row(a.weight.type, stored, y, static_cast<size_t>(a.weight.cols));
        for (int64_t i = 0; i < a.weight.cols; ++i) y[i] *= a.scale;
    }
}

} // namespace lectern
