// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// A family: how checkpoints of one architecture become a list of layers. One file a family in families/.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/formats/model_file.h"
#include "engine/model/hf_config.h"
#include "engine/model/hyperparameters.h"
#include "engine/model/layer.h"
#include "engine/model/weights.h"

namespace lectern {

/// A language model as its family describes it:
///     h = embedding_scale * embedding[token];  each layer adds to h;  logits = head(rms_norm(h)) / logit_divisor
struct Decoder {
    int64_t d_model = 0;
    int64_t vocab_size = 0;
    Weight embedding; ///< [vocab_size, d_model]
    float embedding_scale = 1;
    std::vector<std::unique_ptr<Layer>> layers;
    const float* output_norm = nullptr; ///< [d_model]
    float norm_eps = 0;
    Weight head; ///< [vocab_size, d_model]; the embedding where tied
    float logit_divisor = 1;
    int64_t blocks = 0; ///< layers as the publisher counts them
    bool encodes_positions = false;
};

struct Family {
    std::string_view gguf_architecture; ///< general.architecture
    std::string_view hf_model_type;     ///< model_type of config.json
    /// Translates a Hugging Face checkpoint to GGUF's names, keys and layouts.
    Result<ModelFile> (*import_hf)(const HfConfig& config, std::vector<Tensor> tensors);
    /// Null for encoders. Errors are left in `h` and `w`.
    Decoder (*build)(Hyperparameters& h, WeightBinder& w);
};

std::span<const Family> families();
const Family* family_of_architecture(std::string_view gguf_architecture);
const Family* family_of_model_type(std::string_view hf_model_type);
/// "granitehybrid, bert", for messages.
std::string known_architectures();

} // namespace lectern
