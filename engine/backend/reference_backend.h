// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// The plain backend: loops over float32 that accumulate in double, one thread. It is what the others are judged by.
#pragma once

#include "engine/backend/host_memory.h"

namespace lectern {

class ReferenceBackend : public HostBackend {
public:
    std::string_view name() const override { return "reference"; }
    std::string arithmetic() const override { return "reference-1"; }
    void embed_rows(const EmbedRowsArgs& args) override { embed_rows_ref(args); }
    void linear(const LinearArgs& args) override { linear_ref(args); }
    void rms_norm(const RmsNormArgs& args) override { rms_norm_ref(args); }
    void gated_rms_norm(const GatedRmsNormArgs& args) override { gated_rms_norm_ref(args); }
    void layer_norm(const LayerNormArgs& args) override { layer_norm_ref(args); }
    void causal_conv1d(const CausalConv1dArgs& args) override { causal_conv1d_ref(args); }
    void ssd_scan(const SsdScanArgs& args) override { ssd_scan_ref(args); }
    void rope(const RopeArgs& args) override { rope_ref(args); }
    void store_kv(const StoreKvArgs& args) override { store_kv_ref(args); }
    void attention(const AttentionArgs& args) override { attention_ref(args); }
    void moe_route(const MoeRouteArgs& args) override { moe_route_ref(args); }
    void moe_experts(const MoeExpertsArgs& args) override { moe_experts_ref(args); }
    void swiglu(const SwiGluArgs& args) override { swiglu_ref(args); }
    void gelu(const GeluArgs& args) override { gelu_ref(args); }
    void add_scaled(const AddScaledArgs& args) override { add_scaled_ref(args); }
};

} // namespace lectern
