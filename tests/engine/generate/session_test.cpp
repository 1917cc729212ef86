// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Sessions on the tiny checkpoints of tests/data/goldens.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>

#include "engine/formats/safetensors.h"
#include "engine/generate/session.h"
#include "engine/model/checkpoint.h"

using namespace lectern;

namespace {

const std::filesystem::path kGolden = std::filesystem::path(LECTERN_TEST_DATA) / "goldens" / "granite-h-moe";

std::shared_ptr<const Model> model() {
    LoadOptions options;
    options.threads = 2;
    const auto made = Model::create(*open_checkpoint(kGolden), options);
    REQUIRE(made);
    return *made;
}

std::vector<TokenId> ids(const char* name) {
    std::vector<TokenId> out;
    const auto tensors = read_safetensors(kGolden / "golden.safetensors");
    REQUIRE(tensors);
    for (const Tensor& tensor : *tensors)
        for (uint64_t i = 0; tensor.name == name && i < tensor.elements(); ++i) {
            int64_t id;
            std::memcpy(&id, tensor.bytes.data() + 8 * i, 8);
            out.push_back(TokenId(id));
        }
    return out;
}

std::unique_ptr<Session> session(int64_t context = 600, int64_t chunk = 256) {
    auto made = Session::create(model(), {.context = context, .prefill_chunk = chunk});
    REQUIRE(made);
    return std::move(*made);
}

std::vector<float> logits_of(Session& s) {
    std::vector<float> logits(size_t(s.model().info().vocab_size));
    s.last_logits(logits);
    return logits;
}

} // namespace

TEST_CASE("session: greedy decoding writes the published tokens and keeps what was lived") {
    const auto s = session();
    const auto prompt = ids("ids"), greedy = ids("greedy");
    REQUIRE(s->prefill(prompt, {}, {}));
    std::vector<TokenId> written;
    SamplerOptions options;
    options.max_tokens = int(greedy.size());
    const auto reason = s->decode(options, [&](TokenId id, std::string_view) {
        if (id >= 0) written.push_back(id);
    }, {}, {});
    REQUIRE(reason);
    CHECK(*reason == StopReason::MaxTokens);
    CHECK(written == greedy);
    CHECK(s->history().tokens.size() == prompt.size() + greedy.size());
    CHECK(s->history().seams == std::vector<uint64_t>{prompt.size()});
    CHECK(s->history().decoded == std::vector<Range>{{int64_t(prompt.size()), int64_t(prompt.size() + greedy.size())}});
}

TEST_CASE("session: a prefill that is cancelled half-way leaves whole chunks, and reading on gives the same bits") {
    const auto prompt = ids("ids");
    const auto whole = session(600, 64);
    REQUIRE(whole->prefill(prompt, {}, {}));
    const auto s = session(600, 64);
    std::stop_source stop;
    int calls = 0;
    const Yield cancel = [&](int64_t, int64_t) {
        if (++calls == 15) stop.request_stop(); // inside the second chunk
    };
    const auto cancelled = s->prefill(prompt, cancel, stop.get_token());
    REQUIRE_FALSE(cancelled);
    CHECK(cancelled.error().kind == ErrorKind::Cancelled);
    CHECK(s->history().tokens.size() == 64);
    REQUIRE(s->prefill(std::span(prompt).subspan(64), {}, {}));
    CHECK(logits_of(*s) == logits_of(*whole));
}

TEST_CASE("session: two sessions of one model in turn do not touch each other") {
    const auto prompt = ids("ids");
    const auto shared = model();
    const auto alone = session();
    REQUIRE(alone->prefill(prompt, {}, {}));
    auto a = *Session::create(shared, {.context = 600});
    auto b = *Session::create(shared, {.context = 600});
    REQUIRE(a->prefill(std::span(prompt).first(100), {}, {}));
    REQUIRE(b->prefill(std::span(prompt).subspan(50), {}, {}));
    REQUIRE(a->prefill(std::span(prompt).subspan(100), {}, {}));
    CHECK(logits_of(*a) == logits_of(*alone));
}

TEST_CASE("session: what does not fit the context is an error before anything is read") {
    const auto prompt = ids("ids");
    const auto s = session(int64_t(prompt.size()) - 1);
    const auto full = s->prefill(prompt, {}, {});
    REQUIRE_FALSE(full);
    CHECK(full.error().kind == ErrorKind::TooLarge);
    CHECK(s->history().tokens.empty());
    CHECK(Session::create(model(), {.context = 600, .prefill_chunk = 300}).error().kind == ErrorKind::Unsupported);
}

TEST_CASE("session: decoding stops where the context is full and says so") {
    const auto prompt = ids("ids");
    const auto s = session(int64_t(prompt.size()) + 3);
    REQUIRE(s->prefill(prompt, {}, {}));
    int written = 0;
    const auto reason = s->decode({}, [&](TokenId id, std::string_view) { written += id >= 0; }, {}, {});
    REQUIRE(reason);
    CHECK(*reason == StopReason::ContextFull);
    CHECK(written >= 3);
}

TEST_CASE("session: bf16 keys and values stay near float32 ones") {
    const auto prompt = ids("ids");
    const auto exact = session();
    REQUIRE(exact->prefill(prompt, {}, {}));
    auto rounded = *Session::create(model(), {.context = 600, .kv = KvType::Bf16});
    REQUIRE(rounded->prefill(prompt, {}, {}));
    const auto a = logits_of(*exact), b = logits_of(*rounded);
    CHECK(a != b);
    for (size_t i = 0; i < a.size(); ++i) CHECK(std::abs(a[i] - b[i]) < 0.05f);
}
