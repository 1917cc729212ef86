// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "engine/backend/cuda_backend.h"
#include "engine/backend/cuda_plugin.h"
#include "engine/cuda/stored_type.h"
#include "tests/support/temporary_folder.h"

using namespace lectern;

namespace {

std::filesystem::path fake(const char* kind) {
    return std::filesystem::path(LECTERN_FAKE_PLUGINS) / kind / "liblectern-cuda.so";
}

/// One sentence: it starts where a log line can, and only its end is a full stop before a space.
void check_sentence(const Error& error) {
    CAPTURE(error.message);
    CHECK(error.message.starts_with("CUDA cannot be used: "));
    CHECK(error.message.ends_with("."));
    CHECK(error.message.find(". ") == std::string::npos);
    CHECK(error.message.find('\n') == std::string::npos);
}

Error refusal(const std::filesystem::path& path) {
    const auto backend = CudaBackend::create(path);
    REQUIRE_FALSE(backend);
    return backend.error();
}

} // namespace

TEST_CASE("plugin: the argument structs have the layout of version 1") {
    // Does this fail? Then an argument struct or the list of operations changed: raise kPluginVersion and write the new
    // layout here.
    CHECK(kPluginVersion == 1);
    CHECK(plugin_layout() == 2350262646752325381u);
}

TEST_CASE("plugin: its block sizes are those of the formats") {
    for (uint32_t id = 0; id < 64; ++id) {
        const auto type = tensor_type_from_id(id);
        if (!type) continue;
        CHECK(cuda::block_of(*type).elements == int(info(*type).block_elements));
        CHECK(cuda::block_of(*type).bytes == int(info(*type).block_bytes));
    }
}

TEST_CASE("plugin: a folder without it gives a sentence that names the place") {
    TemporaryFolder folder;
    ::setenv("LECTERN_LIBEXEC", folder.path().c_str(), 1);
    const auto backend = make_backend("cuda");
    ::unsetenv("LECTERN_LIBEXEC");
    REQUIRE_FALSE(backend);
    CHECK(backend.error().kind == ErrorKind::NotFound);
    CHECK(backend.error().message.find(folder.path().string()) != std::string::npos);
    check_sentence(backend.error());
}

TEST_CASE("plugin: it is looked for beside the program, whatever the working folder is") {
    TemporaryFolder folder;
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    std::ofstream(folder / "liblectern-cuda.so") << "a trap";
    const auto path = cuda_plugin_path();
    std::filesystem::current_path(before);
    CHECK(path.is_absolute());
    const auto program = std::filesystem::read_symlink("/proc/self/exe");
    CHECK(path == program.parent_path().parent_path() / "lib" / "lectern" / "liblectern-cuda.so");
}

TEST_CASE("plugin: one of another version, of another layout or without the entry is refused") {
    for (const char* kind : {"other_version", "other_layout", "no_entry"}) {
        CAPTURE(kind);
        const Error error = refusal(fake(kind));
        CHECK(error.kind == ErrorKind::Unsupported);
        CHECK(error.message.find("another version") != std::string::npos);
        check_sentence(error);
    }
}

TEST_CASE("plugin: what it says of a full device arrives with its kind") {
    const Error error = refusal(fake("no_memory"));
    CHECK(error.kind == ErrorKind::OutOfMemory);
    CHECK(error.message == "The GPU is full.");
}

TEST_CASE("plugin: a file that is no library is refused") {
    TemporaryFolder folder;
    std::ofstream(folder / "liblectern-cuda.so") << "not a library";
    const Error error = refusal(folder / "liblectern-cuda.so");
    CHECK(error.kind == ErrorKind::Unsupported);
    CHECK(error.message.find("could not be loaded") != std::string::npos);
}

TEST_CASE("plugin: memory and operations reach it with their arguments") {
    const auto made = CudaBackend::create(fake("host"));
    REQUIRE_MESSAGE(made, (made ? "" : made.error().message));
    Backend& backend = **made;
    CHECK(backend.name() == "cuda");
    CHECK(backend.arithmetic() == "host-1");
    const std::vector<float> values = {1, 2, 3, 4};
    DeviceBuffer placed;
    const auto weights = backend.place(std::as_bytes(std::span(values)), placed);
    REQUIRE(weights);
    CHECK(*weights != values.data());
    auto x = backend.allocate(16), y = backend.allocate(8);
    REQUIRE(x);
    REQUIRE(y);
    backend.upload(x->data(), values.data(), 16);
    backend.add_scaled({x->floats(), static_cast<const float*>(*weights), 4, 0.5f});
    backend.linear({x->floats(), {*weights, TensorType::F32, 1, 2}, nullptr, y->floats(), 2, 1, Phase::Decode});
    std::vector<float> result(2);
    backend.download(result.data(), y->data(), 8);
    CHECK(result == std::vector<float>{1.5f + 2 * 3.0f, 4.5f + 2 * 6.0f});
    CHECK(backend.synchronize());
}

TEST_CASE("plugin: too little memory is an error of that call, a failed device one that stays") {
    const auto made = CudaBackend::create(fake("host"));
    REQUIRE(made);
    Backend& backend = **made;
    const auto large = backend.allocate(size_t(1) << 21);
    REQUIRE_FALSE(large);
    CHECK(large.error().kind == ErrorKind::OutOfMemory);
    CHECK(large.error().message == "There is no room for 2097152 bytes.");
    CHECK(backend.synchronize());
    auto buffer = backend.allocate(128);
    REQUIRE(buffer);
    std::vector<std::byte> host(128);
    backend.download(host.data(), buffer->data(), 128);
    for (int again = 0; again < 2; ++again) {
        const auto done = backend.synchronize();
        REQUIRE_FALSE(done);
        CHECK(done.error().kind == ErrorKind::Device);
        CHECK(done.error().message == "The device fell off.");
    }
}

TEST_CASE("plugin: on any machine \"cuda\" is a backend or one clear sentence") {
    const auto backend = make_backend("cuda");
    if (backend) CHECK((*backend)->arithmetic().starts_with("cuda-"));
    else check_sentence(backend.error());
}

#if LECTERN_HAVE_CUDA
TEST_CASE("plugin: ours refuses a program of another version") {
    LecternHostV1 host{sizeof(LecternHostV1), kPluginVersion + 1, plugin_layout(), nullptr, nullptr, nullptr};
    const auto table = open_cuda_plugin(LECTERN_PLUGIN, host);
    REQUIRE_FALSE(table);
    CHECK(table.error().kind == ErrorKind::Unsupported);
    check_sentence(table.error());
    host.version = kPluginVersion;
    host.layout ^= 1;
    CHECK_FALSE(open_cuda_plugin(LECTERN_PLUGIN, host));
}
#endif
