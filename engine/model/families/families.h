// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// The families there are; each is one file beside this one.
#pragma once

#include "engine/model/family.h"

namespace lectern {

Decoder build_granite_hybrid(Hyperparameters& h, WeightBinder& w);
Result<ModelFile> import_granite_hybrid(const HfConfig& config, std::vector<Tensor> tensors);

Result<ModelFile> import_bert(const HfConfig& config, std::vector<Tensor> tensors);

} // namespace lectern
