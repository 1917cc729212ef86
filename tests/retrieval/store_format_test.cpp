// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <doctest/doctest.h>

#include <sqlite3.h>

#include <algorithm>
#include <cctype>

#include "engine/base/file.h"
#include "retrieval/store/library.h"
#include "tests/support/temporary_folder.h"

using namespace lectern;

namespace {

std::string squeezed(std::string_view sql) {
    std::string out;
    for (const char c : sql)
        if (!std::isspace(static_cast<unsigned char>(c))) out += c;
    return out;
}

std::vector<std::string> documented_statements() {
    const auto text = read_file(std::string(LECTERN_SOURCE_DIR) + "/retrieval/store/STORE_FORMAT.md");
    REQUIRE(text);
    const size_t from = text->find("```sql\n") + 7;
    const std::string sql = text->substr(from, text->find("```", from) - from);
    std::vector<std::string> statements;
    for (size_t at = 0; at < sql.size();) {
        const size_t end = std::min(sql.find(';', at), sql.size());
        if (auto statement = squeezed(std::string_view(sql).substr(at, end - at)); !statement.empty())
            statements.push_back(statement);
        at = end + 1;
    }
    std::sort(statements.begin(), statements.end());
    return statements;
}

std::vector<std::string> statements_of_fresh_library() {
    TemporaryFolder folder;
    REQUIRE(Library::open(folder / "lib", Access::Write));
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open((folder / "lib" / "library.sqlite").c_str(), &db) == SQLITE_OK);
    std::vector<std::string> statements;
    const auto take = [](void* to, int, char** values, char**) {
        static_cast<std::vector<std::string>*>(to)->push_back(squeezed(values[0]));
        return 0;
    };
    // Without the tables that FTS5 and AUTOINCREMENT make for themselves.
    sqlite3_exec(db,
                 "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT LIKE "
                 "'words\\_%' ESCAPE '\\' "
                 "OR name = 'words_vocabulary'",
                 take, &statements, nullptr);
    sqlite3_close(db);
    std::sort(statements.begin(), statements.end());
    return statements;
}

} // namespace

TEST_CASE("store format: the schema in STORE_FORMAT.md is the schema of a fresh library") {
    CHECK(statements_of_fresh_library().size() > 20);
    CHECK(documented_statements() == statements_of_fresh_library());
}
