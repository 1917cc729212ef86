// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/temporary_folder.h"

#include <stdlib.h>

#include "engine/base/ensure.h"

namespace lectern {

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lectern-test-XXXXXX").string();
    ENSURE(::mkdtemp(pattern.data()) != nullptr, "cannot create a temporary folder");
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

} // namespace lectern
