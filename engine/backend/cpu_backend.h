// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// The fast backend for the host's processor: own threads, instruction set chosen at start. Operations that are a
/// trifle of the whole use the plain twin.
#pragma once

#include "engine/backend/host_memory.h"
#include "engine/backend/thread_pool.h"

namespace lectern {

class CpuBackend : public HostBackend {
public:
    explicit CpuBackend(int threads) : pool_(threads) {}
    std::string_view name() const override { return "cpu"; }
    std::string arithmetic() const override;
    void embed_rows(const EmbedRowsArgs& args) override { embed_rows_ref(args); }
    void linear(const LinearArgs& args) override { linear_cpu(args, pool_); }
    void rms_norm(const RmsNormArgs& args) override { rms_norm_cpu(args, pool_); }
    void gated_rms_norm(const GatedRmsNormArgs& args) override { gated_rms_norm_cpu(args, pool_); }
    void layer_norm(const LayerNormArgs& args) override { layer_norm_cpu(args, pool_); }
    void causal_conv1d(const CausalConv1dArgs& args) override { causal_conv1d_cpu(args, pool_); }
    void ssd_scan(const SsdScanArgs& args) override { ssd_scan_cpu(args, pool_); }
    void rope(const RopeArgs& args) override { rope_ref(args); }
    void store_kv(const StoreKvArgs& args) override { store_kv_ref(args); }
    void attention(const AttentionArgs& args) override { attention_cpu(args, pool_); }
    void moe_route(const MoeRouteArgs& args) override { moe_route_ref(args); }
    void moe_experts(const MoeExpertsArgs& args) override { moe_experts_cpu(args, pool_); }
    void swiglu(const SwiGluArgs& args) override { swiglu_cpu(args, pool_); }
    void gelu(const GeluArgs& args) override { gelu_cpu(args, pool_); }
    void add_scaled(const AddScaledArgs& args) override { add_scaled_cpu(args, pool_); }

private:
    ThreadPool pool_;
};

} // namespace lectern
