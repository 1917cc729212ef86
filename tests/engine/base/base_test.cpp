// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <cerrno>
#include <fstream>
#include <memory>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "engine/base/log.h"
#include "engine/base/utf8.h"
#include "tests/support/temporary_folder.h"

using namespace lectern;

TEST_CASE("result: holds a value or an error, and tells which") {
    Result<int> good = 7;
    Result<int> bad = Error{ErrorKind::Damaged, "x"};
    CHECK(good);
    CHECK(*good == 7);
    CHECK_FALSE(bad);
    CHECK(bad.error().kind == ErrorKind::Damaged);
    Result<std::shared_ptr<const int>> converted = std::make_shared<int>(3);
    CHECK(**converted == 3);
    CHECK(Result<void>());
    CHECK_FALSE(Result<void>(Error{}));
}

TEST_CASE("error_from_errno: the kind follows the code and the sentence names the file") {
    const Error error = error_from_errno(EACCES, "Cannot open", "/a/b.pdf");
    CHECK(error.kind == ErrorKind::NoPermission);
    CHECK(error.message.find("/a/b.pdf") != std::string::npos);
    CHECK(error_from_errno(ENOSPC, "", "").kind == ErrorKind::DiskFull);
    CHECK(to_string(ErrorKind::NoPermission) == "no_permission");
}

TEST_CASE("hash128: pieces give the hash of the whole, and hex reads back") {
    Hasher hasher;
    hasher.update("read once, ");
    hasher.update("ask forever");
    CHECK(hasher.finish() == hash128("read once, ask forever"));
    CHECK(Hash128::from_hex(hash128("x").hex()) == hash128("x"));
    CHECK_FALSE(Hash128::from_hex("xyz"));
    CHECK_FALSE(Hash128::from_hex(std::string(31, '0') + "g"));
}

TEST_CASE("write_file_atomic: replaces the file whole and keeps it private") {
    TemporaryFolder folder;
    REQUIRE(write_file_atomic(folder / "a", "one"));
    REQUIRE(write_file_atomic(folder / "a", "two"));
    CHECK(*read_file(folder / "a") == "two");
    struct stat info {};
    ::stat((folder / "a").c_str(), &info);
    CHECK((info.st_mode & 0777) == 0600);
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("atomic_file_writer: without finish nothing appears") {
    TemporaryFolder folder;
    {
        auto writer = AtomicFileWriter::create(folder / "a");
        REQUIRE(writer);
        REQUIRE((*writer)->write(std::as_bytes(std::span(std::string_view("half")))));
    }
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("read_file: what cannot be read is a sentence") {
    TemporaryFolder folder;
    CHECK(read_file(folder / "none").error().kind == ErrorKind::NotFound);
    CHECK(read_file(folder.path()).error().kind == ErrorKind::Unsupported);
    REQUIRE(write_file_atomic(folder / "a", "12345"));
    CHECK(read_file(folder / "a", 4).error().kind == ErrorKind::TooLarge);
    CHECK((*MappedFile::open(folder / "a"))->bytes().size() == 5);
}

TEST_CASE("utf8: wrong bytes become one replacement a maximal subpart") {
    CHECK(to_valid_utf8("a\xE2\x82z") == "a\xEF\xBF\xBDz");
    CHECK(to_valid_utf8("\xC0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(to_valid_utf8("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(is_valid_utf8("\xF0\x9F\x98\x80"));
}

TEST_CASE("utf8: a whole prefix ends before an unfinished character") {
    const std::string euro = "x\xE2\x82\xAC";
    CHECK(complete_utf8_prefix(euro) == 4);
    CHECK(complete_utf8_prefix(euro.substr(0, 3)) == 1);
    CHECK(complete_utf8_prefix(euro.substr(0, 2)) == 1);
    CHECK(complete_utf8_prefix("x\x80") == 2);   // wrong, but nothing to wait for
    CHECK(complete_utf8_prefix("\xE2x") == 2);
}

TEST_CASE("log: messages reach the file with their room, below the level they do not") {
    TemporaryFolder folder;
    REQUIRE(init_logs(folder.path(), "warning,engine=debug"));
    log("engine").debug("seen");
    log("ingest").info("unseen");
    flush_logs();
    const auto text = read_file(folder / "lectern.log");
    REQUIRE(text);
    CHECK(text->find("engine debug seen") != std::string::npos);
    CHECK(text->find("unseen") == std::string::npos);
}
