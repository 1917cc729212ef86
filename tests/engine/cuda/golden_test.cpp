// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Whole models on the GPU: the tiny checkpoints with published logits (tests/data/goldens/README.md), and longer random
/// prompts against the other backends. LECTERN_GOLDENS names another folder of such checkpoints.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <map>
#include <utility>

#include "engine/formats/safetensors.h"
#include "engine/generate/session.h"
#include "engine/model/checkpoint.h"
#include "engine/model/encoder.h"
#include "tests/engine/cuda/gpu.h"
#include "tests/support/random_floats.h"

using namespace lectern;

namespace {

struct Golden {
    std::string name;
    ModelFile file;
    std::vector<TokenId> ids, greedy;
    std::map<std::string, std::vector<float>> tensors;
};

double deviation(const std::vector<float>& values) {
    double mean = 0, squares = 0;
    for (const float v : values) mean += v / double(values.size());
    for (const float v : values) squares += (v - mean) * (v - mean);
    return std::sqrt(squares / double(values.size()));
}

/// The goldens of every family that this program runs.
const std::vector<Golden>& goldens() {
    static const std::vector<Golden> all = [] {
        std::vector<Golden> found;
        const char* folder = std::getenv("LECTERN_GOLDENS");
        const std::filesystem::path root = folder ? std::filesystem::path(folder)
                                                  : std::filesystem::path(LECTERN_TEST_DATA) / "goldens";
        for (const auto& entry : std::filesystem::directory_iterator(root)) {
            if (!std::filesystem::exists(entry.path() / "golden.safetensors")) continue;
            auto file = open_checkpoint(entry.path());
            if (!file && file.error().kind == ErrorKind::Unsupported) continue;
            REQUIRE_MESSAGE(file, (file ? "" : file.error().message));
            Golden golden{entry.path().filename(), *file};
            const auto read = read_safetensors(entry.path() / "golden.safetensors");
            REQUIRE(read);
            for (const Tensor& tensor : *read) {
                if (tensor.type != TensorType::I64) {
                    golden.tensors[tensor.name] = to_f32(tensor);
                    continue;
                }
                for (uint64_t i = 0; i < tensor.elements(); ++i) {
                    int64_t id;
                    std::memcpy(&id, tensor.bytes.data() + 8 * i, 8);
                    (tensor.name == "ids" ? golden.ids : golden.greedy).push_back(TokenId(id));
                }
            }
            found.push_back(std::move(golden));
        }
        REQUIRE(found.size() >= 3);
        return found;
    }();
    return all;
}

bool is_decoder(const Golden& golden) { return golden.tensors.contains("logits"); }

std::shared_ptr<const Model> model_of(const ModelFile& file, const char* backend) {
    LoadOptions options;
    options.backend = backend;
    options.threads = 4;
    auto model = Model::create(file, options);
    REQUIRE_MESSAGE(model, (model ? "" : model.error().message));
    return *model;
}

std::unique_ptr<Session> session_of(const std::shared_ptr<const Model>& model, int64_t chunk) {
    auto session = Session::create(model, {.context = 2048, .prefill_chunk = chunk});
    REQUIRE_MESSAGE(session, (session ? "" : session.error().message));
    return std::move(*session);
}

struct Run {
    std::vector<float> logits, step_logits;
    std::vector<TokenId> greedy;
};

/// Logits of every `every`th position of the prompt and of each step with the given tokens.
Run run(const std::shared_ptr<const Model>& model, std::span<const TokenId> prompt, std::span<const TokenId> steps,
        int64_t chunk, int64_t every = 1) {
    const auto session = session_of(model, chunk);
    Run result;
    const LogitRequest request{[&](int64_t position) { return position % every == 0; },
                               [&](int64_t, std::span<const float> row) {
                                   result.logits.insert(result.logits.end(), row.begin(), row.end());
                               }};
    const auto read = session->prefill(prompt, {}, {}, &request);
    REQUIRE_MESSAGE(read, (read ? "" : read.error().message));
    std::vector<float> logits(size_t(model->info().vocab_size));
    session->last_logits(logits);
    for (const TokenId token : steps) {
        result.step_logits.insert(result.step_logits.end(), logits.begin(), logits.end());
        result.greedy.push_back(TokenId(std::max_element(logits.begin(), logits.end()) - logits.begin()));
        REQUIRE(session->step(token, logits, {}));
    }
    return result;
}

std::vector<TokenId> random_tokens(size_t count, int64_t vocab, uint64_t seed) {
    std::vector<TokenId> ids;
    for (const float v : random_floats(count, seed, 0, 1)) ids.push_back(TokenId(float(vocab - 1) * v));
    return ids;
}

constexpr size_t kLong = 1025; // four grid cells and one token
constexpr size_t kSteps = 12;

} // namespace

TEST_CASE("cuda goldens: logits of prefill and steps lie within 2e-3 of their deviation, all greedy tokens are equal") {
    if (!gpu_or_skip()) return;
    for (const Golden& golden : goldens()) {
        if (!is_decoder(golden)) continue;
        CAPTURE(golden.name);
        const Run result = run(model_of(golden.file, "cuda"), golden.ids, golden.greedy, 256);
        const double deviation_ = deviation(golden.tensors.at("logits"));
        const double prefill = distance(result.logits, golden.tensors.at("logits")) / deviation_;
        const double steps = distance(result.step_logits, golden.tensors.at("step_logits")) / deviation_;
        MESSAGE(golden.name << ": prefill " << prefill << ", steps " << steps << " of the deviation");
        CHECK(prefill <= 2e-3);
        CHECK(steps <= 2e-3);
        CHECK(result.greedy == golden.greedy);
    }
}

TEST_CASE("cuda goldens: the encoder's hidden states and pooled vector match") {
    if (!gpu_or_skip()) return;
    for (const Golden& golden : goldens()) {
        if (is_decoder(golden)) continue;
        CAPTURE(golden.name);
        LoadOptions options;
        options.backend = "cuda";
        const auto encoder = Encoder::create(golden.file, options);
        REQUIRE_MESSAGE(encoder, (encoder ? "" : encoder.error().message));
        std::vector<float> hidden(golden.tensors.at("hidden").size()), mean(golden.tensors.at("mean_l2").size());
        REQUIRE((*encoder)->hidden(golden.ids, hidden, {}));
        CHECK(distance(hidden, golden.tensors.at("hidden")) <= 1e-4);
        const std::span<const TokenId> sequence(golden.ids);
        REQUIRE((*encoder)->encode({&sequence, 1}, mean, {}));
        CHECK(distance(mean, golden.tensors.at("mean_l2")) <= 1e-5);
    }
}

TEST_CASE("cuda chunks: 256, 512 and the whole prompt at once give the same bits") {
    if (!gpu_or_skip()) return;
    for (const Golden& golden : goldens()) {
        if (!is_decoder(golden)) continue;
        CAPTURE(golden.name);
        const auto model = model_of(golden.file, "cuda");
        const auto prompt = random_tokens(kLong, model->info().vocab_size, 5);
        const auto steps = random_tokens(kSteps, model->info().vocab_size, 6);
        const Run first = run(model, prompt, steps, 256, 100);
        for (const int64_t chunk : {512, 1280}) {
            const Run other = run(model, prompt, steps, chunk, 100);
            CHECK(other.logits == first.logits);
            CHECK(other.step_logits == first.step_logits);
        }
    }
}

TEST_CASE("cuda long prompts: stay with the cpu backend's logits") {
    if (!gpu_or_skip()) return;
    for (const Golden& golden : goldens()) {
        if (!is_decoder(golden)) continue;
        CAPTURE(golden.name);
        const auto cuda = model_of(golden.file, "cuda"), cpu = model_of(golden.file, "cpu");
        const auto prompt = random_tokens(kLong, cpu->info().vocab_size, 7);
        const auto steps = random_tokens(kSteps, cpu->info().vocab_size, 8);
        const Run here = run(cpu, prompt, steps, 512, 50), there = run(cuda, prompt, steps, 512, 50);
        CHECK(distance(there.logits, here.logits) <= 2e-3 * deviation(here.logits));
        CHECK(distance(there.step_logits, here.step_logits) <= 2e-3 * deviation(here.logits));
    }
}

// Rounded activations change an expert where two routers' logits are closer than the rounding: the mean says what is usual.
TEST_CASE("cuda stored types: the mean KL to the reference on the same weights is at most 1e-3") {
    if (!gpu_or_skip()) return;
    for (const Golden& golden : goldens()) {
        if (!is_decoder(golden)) continue;
        for (const TensorType type : {TensorType::BF16, TensorType::F16, TensorType::Q8_0}) {
            CAPTURE(golden.name);
            CAPTURE(info(type).name);
            const auto stored = with_weights_as(golden.file, type);
            REQUIRE(stored);
            const auto reference = model_of(*stored, "reference");
            const Run here = run(reference, golden.ids, golden.greedy, 256);
            const Run there = run(model_of(*stored, "cuda"), golden.ids, golden.greedy, 256);
            const auto vocab = size_t(reference->info().vocab_size);
            const auto log_sum = [&](const float* row) {
                const double most = *std::max_element(row, row + vocab);
                double sum = 0;
                for (size_t i = 0; i < vocab; ++i) sum += std::exp(row[i] - most);
                return most + std::log(sum);
            };
            double worst = 0, mean = 0;
            for (size_t at = 0; at < here.logits.size(); at += vocab) {
                const float *p = here.logits.data() + at, *q = there.logits.data() + at;
                const double p_sum = log_sum(p), q_sum = log_sum(q);
                double kl = 0;
                for (size_t i = 0; i < vocab; ++i) kl += std::exp(p[i] - p_sum) * ((p[i] - p_sum) - (q[i] - q_sum));
                worst = std::max(worst, kl);
                mean += kl / double(here.logits.size() / vocab);
            }
            MESSAGE(golden.name << " " << info(type).name << ": mean KL " << mean << ", largest " << worst);
            CHECK(mean <= 1e-3);
        }
    }
}

TEST_CASE("cuda sessions: taking turns, each computes what it computes alone") {
    if (!gpu_or_skip()) return;
    for (const Golden& golden : goldens()) {
        if (!is_decoder(golden)) continue;
        CAPTURE(golden.name);
        const auto model = model_of(golden.file, "cuda");
        const int64_t vocab = model->info().vocab_size;
        const auto prompt_a = random_tokens(300, vocab, 1), prompt_b = random_tokens(517, vocab, 2);
        const auto steps = random_tokens(kSteps, vocab, 3);
        const Run a = run(model, prompt_a, steps, 256, 1 << 20), b = run(model, prompt_b, steps, 512, 1 << 20);
        const auto session_a = session_of(model, 256), session_b = session_of(model, 512);
        std::vector<float> logits_a, logits_b, steps_a, steps_b;
        logits_a.resize(size_t(vocab)), logits_b.resize(size_t(vocab));
        // B reads its whole prompt while A is between two layers.
        bool began = false;
        const Yield other = [&](int64_t, int64_t) {
            if (!std::exchange(began, true)) REQUIRE(session_b->prefill(prompt_b, {}, {}));
        };
        REQUIRE(session_a->prefill(prompt_a, other, {}));
        session_a->last_logits(logits_a);
        session_b->last_logits(logits_b);
        for (const TokenId token : steps) {
            steps_a.insert(steps_a.end(), logits_a.begin(), logits_a.end());
            steps_b.insert(steps_b.end(), logits_b.begin(), logits_b.end());
            REQUIRE(session_a->step(token, logits_a, {}));
            REQUIRE(session_b->step(token, logits_b, {}));
        }
        CHECK(steps_a == a.step_logits);
        CHECK(steps_b == b.step_logits);
    }
}
