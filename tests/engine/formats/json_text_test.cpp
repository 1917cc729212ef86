// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/formats/json_text.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace lectern;

TEST_CASE("parse_json: values keep their kinds") {
    const auto value = parse_json(R"({"a":[1,-2,0.5,true,null,"\u00e9"],"b":{"c":[]}})", "x.json");
    REQUIRE(value);
    CHECK(*value == nlohmann::json::parse(R"({"a":[1,-2,0.5,true,null,"é"],"b":{"c":[]}})"));
    CHECK((*value)["a"][0].is_number_unsigned());
    CHECK_FALSE((*value)["a"][1].is_number_unsigned());
}

TEST_CASE("parse_json: a key twice, wrong text and deep nesting are sentences") {
    CHECK(parse_json(R"({"a":1,"a":2})", "x.json").error().message.find("twice") != std::string::npos);
    CHECK(parse_json(R"({"a":{"b":1},"c":{"b":1}})", "x.json"));
    CHECK(parse_json("{\"a\":", "x.json").error().kind == ErrorKind::Damaged);
    CHECK(parse_json("", "x.json").error().kind == ErrorKind::Damaged);
    CHECK(parse_json("[1] x", "x.json").error().kind == ErrorKind::Damaged);
    CHECK(parse_json("[1e999]", "x.json").error().kind == ErrorKind::Damaged);
    CHECK(parse_json("\"\\ud800\"", "x.json").error().kind == ErrorKind::Damaged);
    CHECK(parse_json("\"\xff\"", "x.json").error().kind == ErrorKind::Damaged);
    CHECK(parse_json(std::string(64, '[') + std::string(64, ']'), "x.json"));
    CHECK(parse_json(std::string(1'000'000, '['), "x.json").error().kind == ErrorKind::TooLarge);
    CHECK(parse_json("[1,2,3]", "x.json", {.values = 3}).error().kind == ErrorKind::TooLarge);
    CHECK(parse_json("[\"abc\"]", "x.json", {.string_bytes = 2}).error().kind == ErrorKind::TooLarge);
}
